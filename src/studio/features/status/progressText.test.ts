import { describe, expect, it } from 'vitest';
import { followingText, timeLeftText } from './progressText';

const running = (secondsLeft: number | null) => ({ secondsLeft });
const waiting = (seconds: number | null) => ({ seconds });

describe('timeLeftText', () => {
  it('adds up what runs and what waits, and says how sure that is', () => {
    expect(timeLeftText([running(20)], [])).toBe('20\u00a0s left');
    expect(timeLeftText([running(20), running(5)], [waiting(15)])).toBe('about 40\u00a0s left');
    expect(timeLeftText([running(20)], [waiting(15), waiting(null)])).toBe('at least 35\u00a0s left');
    expect(timeLeftText([running(100)], [waiting(80)])).toBe('about 3\u00a0min left');
  });
  it('says nothing while what runs has no pace', () => {
    expect(timeLeftText([running(null)], [waiting(15)])).toBe('');
    expect(timeLeftText([running(null)], [])).toBe('');
  });
});

describe('followingText', () => {
  it('names every stage once, in its order', () => {
    expect(followingText(['measure', 'measure', 'race', 'repair'])).toBe('then accuracy, race, repair');
    expect(followingText([])).toBe('');
  });
});
