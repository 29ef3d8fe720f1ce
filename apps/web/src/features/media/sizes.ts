const units = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;

/** @param bytes in words: "2.4 MB" */
export function formatSize(bytes: number): string {
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const unit = units[power] ?? "byte";
  const format = new Intl.NumberFormat(undefined, {
    ...{ style: "unit", unit, unitDisplay: power === 0 ? "long" : "short" },
    maximumFractionDigits: power < 2 ? 0 : 1,
  });
  return format.format(bytes / 1000 ** power);
}
