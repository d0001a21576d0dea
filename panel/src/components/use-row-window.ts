import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useReducer, useRef, useState } from 'preact/hooks';
import type { Row } from '../model/row.js';
import { RowLayout, type Window } from '../model/row-layout.js';

/** The height of a row of one line. */
const ONE_LINE = 31;
/** Rows outside the view that are in the document, so that a fast scroll shows no gap. In pixels. */
const OVERSCAN = 240;
/** If the list is so close to its end, it follows new rows. In pixels. */
const NEAR = 12;

/** The rows that are in the document, and the functions that scroll them. */
export interface RowWindow {
  readonly window: Window;
  /** True if the list shows its end and follows new rows. */
  readonly isAtEnd: boolean;
  readonly onScroll: () => void;
  /** Scrolls as little as is needed to show a row. */
  readonly show: (index: number) => void;
  readonly toEnd: () => void;
}

/** Keeps the rows outside the view out of the document. Measures the rows that are in it, because long rows wrap. */
export function useRowWindow(rows: readonly Row[], box: RefObject<HTMLElement | null>): RowWindow {
  const [layout] = useState(() => new RowLayout(ONE_LINE));
  const [view, setView] = useState({ top: 0, height: 600, isAtEnd: true });
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const isAtEnd = useRef(true);

  const look = () => {
    const element = box.current;
    if (!element) return;
    const { scrollTop: top, clientHeight: height, scrollHeight } = element;
    isAtEnd.current = top + height >= scrollHeight - NEAR;
    setView((old) =>
      old.top === top && old.height === height && old.isAtEnd === isAtEnd.current
        ? old
        : { top, height, isAtEnd: isAtEnd.current },
    );
  };

  useEffect(() => {
    let width = 0;
    const observer = new ResizeObserver(() => {
      const element = box.current;
      if (!element) return;
      // The rows wrap differently now.
      if (element.clientWidth !== width) layout.forget();
      width = element.clientWidth;
      if (isAtEnd.current) element.scrollTop = element.scrollHeight;
      look();
      redraw(undefined);
    });
    observer.observe(box.current!);
    return () => observer.disconnect();
  }, []);

  useLayoutEffect(() => {
    const element = box.current!;
    let isChanged = false;
    for (const row of element.querySelectorAll<HTMLElement>('tr[data-key]')) {
      const { height } = row.getBoundingClientRect();
      if (layout.measured(Number(row.dataset['key']), height)) isChanged = true;
    }
    if (isAtEnd.current) element.scrollTop = element.scrollHeight;
    if (isChanged) redraw(undefined);
  });

  const top = isAtEnd.current ? Math.max(0, layout.heightOf(rows) - view.height) : view.top;
  return {
    window: layout.windowOf(rows, top, view.height, OVERSCAN),
    isAtEnd: view.isAtEnd,
    onScroll: look,
    show: (index) => {
      const element = box.current!;
      const head = element.querySelector('thead')?.offsetHeight ?? 0;
      const place = layout.placeOf(rows, index);
      if (place.top < element.scrollTop) element.scrollTop = place.top;
      else if (place.bottom + head > element.scrollTop + element.clientHeight) {
        element.scrollTop = place.bottom + head - element.clientHeight;
      }
      look();
    },
    toEnd: () => {
      box.current!.scrollTop = box.current!.scrollHeight;
      look();
    },
  };
}
