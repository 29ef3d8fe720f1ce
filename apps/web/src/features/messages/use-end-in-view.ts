import { type RefObject, useEffect, useLayoutEffect, useRef } from "react";

/** This close to the end counts as being there, pixels. */
const endWithin = 80;

/**
 * Keeps the end of a list in view for who is there, also while it grows.
 * @param newest the key of its last item
 * @returns what scrolls, around one element with everything in it
 */
export function useEndInView(newest: string): RefObject<HTMLDivElement | null> {
  const scroller = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another newest item makes the list longer
  useLayoutEffect(() => {
    const { current } = scroller;
    if (current !== null && isAtEnd.current) current.scrollTop = current.scrollHeight;
  }, [newest]);
  useEffect(() => {
    const { current } = scroller;
    if (current === null) return;
    const onScroll = (): void => {
      isAtEnd.current = current.scrollHeight - current.clientHeight - current.scrollTop < endWithin;
    };
    const observer = new ResizeObserver(() => {
      if (isAtEnd.current) current.scrollTop = current.scrollHeight;
    });
    observer.observe(current);
    if (current.firstElementChild !== null) observer.observe(current.firstElementChild);
    current.addEventListener("scroll", onScroll);
    return () => {
      observer.disconnect();
      current.removeEventListener("scroll", onScroll);
    };
  }, []);
  return scroller;
}
