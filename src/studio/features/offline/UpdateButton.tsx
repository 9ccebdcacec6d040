import { useStudio } from '../../context/context';
import { Button } from '../../ui/Button';

/** Offers a newer build of the studio once this browser has it; the page that is open goes on with its own till then. */
export function UpdateButton() {
  const takeUpdate = useStudio((state) => state.ui.takeUpdate);
  if (!takeUpdate) return null;
  return (
    <Button
      title="A newer version of ENC Studio has come; it starts when the page is loaded again"
      onClick={takeUpdate}
    >
      New version
    </Button>
  );
}
