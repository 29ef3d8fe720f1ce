// biome-ignore-all lint/suspicious/noArrayIndexKey: the parts of a text never move
import "./highlighted.css";
import { common, createLowlight } from "lowlight";
import { type ReactNode, useMemo } from "react";

const lowlight = createLowlight(common);

type Node = ReturnType<typeof lowlight.highlight>["children"][number];

interface HighlightedProps {
  readonly code: string;
  readonly language: string;
}

/** Code in the colours of its language; of one that is not known, as it is. */
export function Highlighted({ code, language }: HighlightedProps): ReactNode {
  return useMemo(
    () => (lowlight.registered(language) ? lowlight.highlight(language, code).children.map(toElement) : code),
    [code, language],
  );
}

function toElement(node: Node, index: number): ReactNode {
  if (node.type === "text") return node.value;
  if (node.type !== "element") return null;
  const { className } = node.properties;
  return (
    <span key={index} className={Array.isArray(className) ? className.join(" ") : undefined}>
      {node.children.map(toElement)}
    </span>
  );
}
