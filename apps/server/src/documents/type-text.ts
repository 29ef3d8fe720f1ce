import { html } from "hono/html";
import type { JsonSchema } from "./schemas.ts";

type Html = ReturnType<typeof html>;
type Part = boolean | JsonSchema;

/** A schema as TypeScript would write it, with links to the named objects and its bounds as comments. */
export function typeText(schema: Part, indent = ""): Html {
  if (typeof schema === "boolean") return html`unknown`;
  const union = schema.anyOf ?? schema.oneOf;
  if (schema.$ref !== undefined) return link(schema.$ref);
  if (schema.const !== undefined) return html`${JSON.stringify(schema.const)}`;
  if (schema.enum !== undefined) return html`${schema.enum.map((value) => JSON.stringify(value)).join(" | ")}`;
  if (union !== undefined)
    return joined(
      union.map((part) => typeText(part, indent)),
      html` | `,
    );
  if (schema.type === "array") return arrayText(schema, indent);
  if (schema.type === "object") return objectText(schema, indent);
  return html`${scalarText(schema)}`;
}

function link(reference: string): Html {
  const name = reference.slice(reference.lastIndexOf("/") + 1);
  return html`<a href="#${name}">${name}</a>`;
}

function arrayText({ items, prefixItems }: JsonSchema, indent: string): Html {
  if (prefixItems !== undefined)
    return joined(
      prefixItems.map((part) => typeText(part, indent)),
      html`, `,
    );
  const item = Array.isArray(items) ? items[0] : items;
  return html`(${typeText(item ?? true, indent)})[]`;
}

function objectText({ properties = {}, required = [], additionalProperties }: JsonSchema, indent: string): Html {
  const inner = `${indent}  `;
  const lines = Object.entries(properties).map(
    ([name, part]) => html`${inner}${name}${required.includes(name) ? "" : "?"}: ${typeText(part, inner)}${note(part)}`,
  );
  if (typeof additionalProperties === "object" && Object.keys(additionalProperties).length > 0)
    lines.push(html`${inner}[key: string]: ${typeText(additionalProperties, inner)}`);
  return lines.length === 0 ? html`{}` : html`{\n${joined(lines, html`\n`)}\n${indent}}`;
}

function scalarText({ type, format }: JsonSchema): string {
  return type === "string" && format !== undefined ? format : [type ?? "unknown"].flat().join(" | ");
}

/** What bounds a value, where something does. */
function note(part: Part): Html {
  if (typeof part === "boolean") return html``;
  const { minimum, maximum, minLength, maxLength, minItems, maxItems, default: preset } = part;
  const bounds = [
    between(minimum, maximum === Number.MAX_SAFE_INTEGER ? undefined : maximum, ""),
    between(minLength, maxLength, " characters"),
    between(minItems, maxItems, " items"),
    preset === undefined ? "" : `default ${JSON.stringify(preset)}`,
  ].filter((text) => text !== "");
  return bounds.length === 0 ? html`` : html` <i>${bounds.join(", ")}</i>`;
}

function between(least: number | undefined, most: number | undefined, unit: string): string {
  if (least === undefined && most === undefined) return "";
  if (most === undefined) return `≥ ${least}${unit}`;
  return least === undefined ? `≤ ${most}${unit}` : `${least} to ${most}${unit}`;
}

function joined(parts: readonly Html[], separator: Html): Html {
  return html`${parts.map((part, index) => (index === 0 ? part : html`${separator}${part}`))}`;
}
