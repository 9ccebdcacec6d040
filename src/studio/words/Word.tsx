import { words } from './words';
import { Explained } from '../ui/Explained';

interface WordProps {
  readonly children: string;
  /** What pressing it does beside. */
  readonly onPress?: () => void;
}

/** A word of the page, with its explanation where there is one. */
export function Word({ children, onPress }: WordProps) {
  const text = words[children];
  if (text === undefined) return children;
  return (
    <Explained text={text} onPress={onPress}>
      {children}
    </Explained>
  );
}
