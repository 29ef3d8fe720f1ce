import { type FocusEvent, type PointerEvent, useEffect, useRef, useState } from "react";

/** Milliseconds that a finger must stay. */
const longPress = 450;
/** A finger that moves farther than this scrolls, pixels. */
const still = 10;

/** Whether someone is about to do something with an element: a mouse over it, the focus in it, a long press on it. */
export function useAttention() {
  const [hasAttention, setAttention] = useState(false);
  const press = useRef<{ timer: ReturnType<typeof setTimeout>; x: number; y: number }>(undefined);
  const endPress = (): void => clearTimeout(press.current?.timer);
  useEffect(() => () => clearTimeout(press.current?.timer), []);
  return {
    hasAttention,
    onPointerEnter: ({ pointerType }: PointerEvent) => pointerType === "mouse" && setAttention(true),
    onPointerLeave: ({ pointerType, currentTarget }: PointerEvent) => {
      endPress();
      if (pointerType === "mouse" && !currentTarget.contains(document.activeElement)) setAttention(false);
    },
    onPointerDown: ({ pointerType, clientX, clientY, currentTarget }: PointerEvent) => {
      if (pointerType === "mouse" || !(currentTarget instanceof HTMLElement)) return;
      const timer = setTimeout(() => {
        currentTarget.focus();
        setAttention(true);
      }, longPress);
      press.current = { timer, x: clientX, y: clientY };
    },
    onPointerMove: ({ pointerType, clientX, clientY }: PointerEvent) => {
      // no entering is told where what was under the mouse went away
      if (pointerType === "mouse") return setAttention(true);
      const { x = clientX, y = clientY } = press.current ?? {};
      if (Math.hypot(clientX - x, clientY - y) > still) endPress();
    },
    onPointerUp: endPress,
    onPointerCancel: endPress,
    onFocus: ({ currentTarget }: FocusEvent) => {
      // a click or a tap focuses too, and shows nothing by itself
      if (currentTarget.matches(":focus-visible, :has(:focus-visible)")) setAttention(true);
    },
    onBlur: ({ currentTarget, relatedTarget }: FocusEvent) => {
      if (!currentTarget.contains(relatedTarget) && !currentTarget.matches(":hover")) setAttention(false);
    },
  };
}
