import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createStudio } from '../../workers/client';
import { createActions } from './actions';
import { settingsFrom } from '../project/address';
import { noteBackend } from './actions/backendNote';
import { backendFrom } from './actions/location';
import { isFirstVisit } from './actions/introduction';
import { keepOffline } from './actions/offline';
import { rememberedTheme } from './actions/theme';
import { App } from './App';
import { sampleFrom } from './model/samples/choice';
import { StudioProvider } from './context/context';
import { createStudioStore } from './store/store';
import './styles/tokens.css';
import './styles/base.css';

const store = createStudioStore(settingsFrom(location.search), {
  theme: rememberedTheme(),
  isFirstVisit: isFirstVisit(),
});
/** A compute thread that could not be replaced is spoken of where the backend is. */
const onNote = (message: string) => noteBackend(store, 'Replacing a compute thread', 'thread-lost', message);
const actions = createActions(store, createStudio({ onNote }), backendFrom(location.search));
keepOffline({ onUpdate: actions.offerUpdate });
const sample = sampleFrom(location.search);
void actions.resumeSession().then((isBack) => {
  if (!isBack && sample !== null) void actions.openSample(sample);
});
const root = document.getElementById('root');
if (!root) throw new Error('main: expected an element with the id "root" in the page, found none');
createRoot(root).render(
  <StrictMode>
    <StudioProvider value={{ store, actions }}>
      <App />
    </StudioProvider>
  </StrictMode>,
);
