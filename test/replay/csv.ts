/** RFC 4180, for files that fit into memory: quoted cells, doubled quotes, LF or CRLF. */
export function parseCsv(text: string): Record<string, string>[] {
  const [header = [], ...lines] = cellsOf(text);
  return lines
    .filter((cells) => cells.length > 1)
    .map((cells) => Object.fromEntries(header.map((name, at) => [name, cells[at] ?? ''])));
}

function cellsOf(text: string): string[][] {
  const lines: string[][] = [[]];
  let cell = '';
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const letter = text.charAt(at);
    if (quoted && letter === '"' && text.charAt(at + 1) === '"') {
      cell += '"';
      at += 1;
    } else if (letter === '"') quoted = !quoted;
    else if (!quoted && (letter === ',' || letter === '\n')) {
      lines.at(-1)?.push(cell);
      cell = '';
      if (letter === '\n') lines.push([]);
    } else if (quoted || letter !== '\r') cell += letter;
  }
  lines.at(-1)?.push(cell);
  return lines;
}
