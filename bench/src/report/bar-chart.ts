export interface Bar {
  readonly label: string;
  readonly value: number;
  /** Ours stand out. */
  readonly ours: boolean;
}

/** A line across the chart that values are held against. */
export interface Mark {
  readonly label: string;
  readonly value: number;
}

const WIDTH = 720;
const LABEL_WIDTH = 230;
const BAR_HEIGHT = 20;
const ROW_HEIGHT = 28;
const TITLE_HEIGHT = 34;
/** Room on the right for the figures. */
const FIGURE_WIDTH = 70;

/** Draws horizontal bars, readable on a light and on a dark page. */
export function barChart(title: string, bars: readonly Bar[], mark?: Mark): string {
  const most = Math.max(...bars.map(({ value }) => value), mark?.value ?? 0) || 1;
  const scale = (WIDTH - LABEL_WIDTH - FIGURE_WIDTH) / most;
  const height = TITLE_HEIGHT + bars.length * ROW_HEIGHT + (mark === undefined ? 6 : 24);
  const rows = bars.map(({ label, value, ours }, index) => {
    const top = TITLE_HEIGHT + index * ROW_HEIGHT;
    const middle = top + BAR_HEIGHT / 2 + 4;
    const width = Math.max(1, value * scale);
    return `  <text x="${LABEL_WIDTH - 8}" y="${middle}" text-anchor="end">${escapeXml(label)}</text>
  <rect x="${LABEL_WIDTH}" y="${top}" width="${width.toFixed(1)}" height="${BAR_HEIGHT}" rx="3" fill="${ours ? "#2f7d5b" : "#8a94a6"}"/>
  <text x="${(LABEL_WIDTH + width + 6).toFixed(1)}" y="${middle}">${figure(value)}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="${escapeXml(title)}" font-family="system-ui, sans-serif" font-size="12" fill="#7d8590">
  <text x="0" y="18" font-size="14" font-weight="600">${escapeXml(title)}</text>
${rows.join("\n")}
${mark === undefined ? "" : markLine(mark, LABEL_WIDTH + mark.value * scale, height)}</svg>
`;
}

function markLine({ label, value }: Mark, x: number, height: number): string {
  const at = x.toFixed(1);
  return `  <line x1="${at}" x2="${at}" y1="${TITLE_HEIGHT - 4}" y2="${height - 20}" stroke="#c2410c" stroke-dasharray="4 3"/>
  <text x="${at}" y="${height - 6}" text-anchor="middle">${escapeXml(label)} ${figure(value)}</text>
`;
}

export function figure(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString("en") : value.toFixed(value >= 20 ? 1 : 2);
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
