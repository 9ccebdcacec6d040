import { words } from './words';
import { Explained } from '../ui/Explained';

/** A word of the page, with its explanation where there is one. */
export function Word({ children }: { readonly children: string }) {
  const text = words[children];
  return text === undefined ? children : <Explained text={text}>{children}</Explained>;
}
