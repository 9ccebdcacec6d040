import { useEffect, useState } from 'react';
import type { JobStatus } from '../../../project/jobStatus';
import type { WaitingWork } from '../../../project/supervisor';
import { useActions, useLive } from '../../context/context';

/** Nobody reads a list that changes more often. */
const everyMilliseconds = 250;
/** A person who looks elsewhere is told of the end of work that took as long. */
const longMilliseconds = 20_000;

/** What follows from a result, such as plans from curves, begins within this time. */
const followMilliseconds = 800;

/** The page's, where there is one. */
const ownTitle = typeof document === 'undefined' ? '' : document.title;

type RunningStatus = Extract<JobStatus, { state: 'running' }>;

/** What will run by itself, a moment late: a drag changes it with every frame. */
export function useWaitingWork(): readonly WaitingWork[] {
  const { waitingWork } = useActions();
  const [waiting, setWaiting] = useState<readonly WaitingWork[]>([]);
  useLive(
    (state) => state,
    () => {
      const next = waitingWork();
      setWaiting((former) => (isSame(former, next) ? former : next));
    },
    everyMilliseconds,
  );
  return waiting;
}

function isSame(former: readonly WaitingWork[], next: readonly WaitingWork[]): boolean {
  const textOf = ({ title, seconds }: WaitingWork) => `${title}|${seconds}`;
  return (
    former.length === next.length && former.every((work, index) => textOf(work) === textOf(next[index]!))
  );
}

/** Says in the tab's title what runs and how far it is. */
export function useTabTitle(job: RunningStatus | null): void {
  const progress = job?.progress;
  const percent = progress ? `${Math.floor((100 * progress.done) / Math.max(1, progress.total))} % · ` : '';
  const title = job ? `${percent}${job.title} – ${ownTitle.split(' – ')[0]}` : ownTitle;
  useEffect(() => {
    document.title = title;
  }, [title]);
}

/** Whether work has just ended, for as long as something may follow from it. */
export function useJustEnded(isBusy: boolean): boolean {
  const [hasEnded, setHasEnded] = useState(false);
  useEffect(() => {
    if (!isBusy) return;
    return () => setHasEnded(true);
  }, [isBusy]);
  useEffect(() => {
    if (!hasEnded) return;
    const timer = setTimeout(() => setHasEnded(false), followMilliseconds);
    return () => clearTimeout(timer);
  }, [hasEnded]);
  return hasEnded && !isBusy;
}

/** Whether the browser can notify and was not asked yet. */
export function isNoticeAskable(): boolean {
  return 'Notification' in globalThis && Notification.permission === 'default';
}

/** Asks whether the page may notify. */
export async function askForNotice(): Promise<void> {
  await Notification.requestPermission();
}

/** Tells a person who looks elsewhere, and has allowed it, that long work is done. */
export function useNotice(isBusy: boolean): void {
  useEffect(() => {
    if (!isBusy) return;
    const since = performance.now();
    return () => {
      const isAllowed = 'Notification' in globalThis && Notification.permission === 'granted';
      if (!isAllowed || !document.hidden || performance.now() - since < longMilliseconds) return;
      const notice = new Notification(document.title, {
        body: 'The work has ended.',
      });
      notice.onclick = () => window.focus();
    };
  }, [isBusy]);
}
