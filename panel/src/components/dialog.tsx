import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

/** A dialog above the page. Escape closes it, and the focus goes back to where it was. */
export function Dialog({
  title,
  kind,
  onClose,
  children,
}: {
  readonly title: string;
  /** The class of the dialog. */
  readonly kind: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current!;
    element.showModal();
    return () => element.close();
  }, []);
  return (
    <dialog ref={dialog} class={kind} aria-label={title} onClose={onClose}>
      {children}
    </dialog>
  );
}
