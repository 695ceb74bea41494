// A clerk's script with SheetJS: one order per line on stdin, one answer per line on stdout, both JSON.
// It works as such scripts do: the sheet becomes an array of lines, which is changed and made a sheet again.
"use strict";
const fs = require("node:fs");
const path = require("node:path");
const readline = require("node:readline");
const { createRequire } = require("node:module");
const load = createRequire(path.join(__dirname, "..", "node", "package.json"));
const XLSX = load("xlsx");
const CODES = load("xlsx/dist/cpexcel.js");

const KINDS = { xlsx: "xlsx", xls: "biff8", ods: "ods", csv: "csv" };
const DAY = 86400000;

const read = (file) => XLSX.read(fs.readFileSync(file), { cellNF: true, sheetStubs: false });

function linesOf(sheet) {
  // Cells as objects, so that a date stays a date and a percentage one.
  const range = XLSX.utils.decode_range(sheet["!ref"] || "A1");
  const lines = [];
  for (let row = 0; row <= range.e.r; row += 1) {
    const line = [];
    for (let column = 0; column <= range.e.c; column += 1) line.push(sheet[XLSX.utils.encode_cell({ r: row, c: column })] || null);
    lines.push(line);
  }
  return lines;
}

function putBack(state, lines) {
  const made = {};
  let width = 1;
  lines.forEach((line, row) => line.forEach((cell, column) => {
    if (!cell) return;
    made[XLSX.utils.encode_cell({ r: row, c: column })] = cell;
    width = Math.max(width, column + 1);
  }));
  made["!ref"] = XLSX.utils.encode_range({ s: { r: 0, c: 0 }, e: { r: Math.max(lines.length - 1, 0), c: width - 1 } });
  for (const key of ["!merges", "!cols", "!rows", "!autofilter"]) if (state.sheet[key] && !state.bare) made[key] = state.sheet[key];
  state.book.Sheets[state.name] = made;
  state.sheet = made;
}

const text = (value) => ({ t: "s", v: value });
const textOf = (cell) => (cell ? String(cell.w ?? cell.v ?? "") : "");

function at(state, change) {
  const lines = linesOf(state.sheet);
  change(lines);
  putBack(state, lines);
}

function put(state, row, column, cell) {
  state.sheet[XLSX.utils.encode_cell({ r: row, c: column })] = cell;
  const range = XLSX.utils.decode_range(state.sheet["!ref"] || "A1");
  range.e.r = Math.max(range.e.r, row);
  range.e.c = Math.max(range.e.c, column);
  state.sheet["!ref"] = XLSX.utils.encode_range(range);
}

function shiftMerges(state, row, by) {
  for (const merge of state.sheet["!merges"] || []) {
    if (merge.s.r >= row) { merge.s.r += by; merge.e.r += by; }
  }
}

const actions = {
  text: (state, row, column, value) => put(state, row, column, text(value)),
  pasted: (state, row, column, value) => put(state, row, column, text(value)),
  day: (state, row, column, value) => put(state, row, column, { t: "n", v: Date.parse(`${value}T00:00:00Z`) / DAY + 25569, z: "yyyy-mm-dd" }),
  number: (state, row, column, value) => put(state, row, column, { t: "n", v: value, z: "0" }),
  percent: (state, row, column, value) => put(state, row, column, { t: "n", v: value, z: "0%" }),
  clear: (state, top, left, bottom, right) => {
    for (let row = top; row <= bottom; row += 1) for (let column = left; column <= right; column += 1) delete state.sheet[XLSX.utils.encode_cell({ r: row, c: column })];
  },
  insert_rows: (state, row, count) => { shiftMerges(state, row, count); at(state, (lines) => lines.splice(row, 0, ...Array.from({ length: count }, () => []))); },
  delete_rows: (state, rows) => {
    for (const row of [...rows].sort((a, b) => b - a)) {
      state.sheet["!merges"] = (state.sheet["!merges"] || []).filter((merge) => merge.s.r !== row);
      shiftMerges(state, row, -1);
      at(state, (lines) => lines.splice(row, 1));
    }
  },
  copy_row: (state, row, to) => { shiftMerges(state, to, 1); at(state, (lines) => lines.splice(to, 0, lines[row].map((cell) => cell && { ...cell }))); },
  insert_column: (state, column) => { state.sheet["!cols"]?.splice(column, 0, {}); at(state, (lines) => lines.forEach((line) => { if (line.length > column) line.splice(column, 0, null); })); },
  delete_column: (state, column) => { state.sheet["!cols"]?.splice(column, 1); at(state, (lines) => lines.forEach((line) => line.splice(column, 1))); },
  move_column: (state, source, target) => at(state, (lines) => lines.forEach((line) => {
    if (line.filter(Boolean).length > 4) line.splice(target, 0, ...line.splice(source, 1));
  })),
  sort: (state, top, left, bottom, right, key, descending) => at(state, (lines) => {
    const order = (a, b) => (descending ? -1 : 1) * textOf(a[key]).localeCompare(textOf(b[key]), "zh");
    const sorted = lines.slice(top, bottom + 1).map((line) => [...line]).sort(order);
    sorted.forEach((line, place) => { for (let column = left; column <= right; column += 1) lines[top + place][column] = line[column] || null; });
  }),
  merge: (state, top, left, bottom, right) => {
    for (let row = top; row <= bottom; row += 1) for (let column = left; column <= right; column += 1) if (row !== top || column !== left) delete state.sheet[XLSX.utils.encode_cell({ r: row, c: column })];
    (state.sheet["!merges"] ||= []).push({ s: { r: top, c: left }, e: { r: bottom, c: right } });
  },
  show_column: (state, column) => { if (state.sheet["!cols"]?.[column]) state.sheet["!cols"][column].hidden = false; },
  hide_rows: (state, rows) => { const kept = (state.sheet["!rows"] ||= []); for (const row of rows) kept[row] = { ...kept[row], hidden: true }; },
  filter_delete: (state, column, value, rows) => actions.delete_rows(state, rows),
  rename_sheet: (state, name) => {
    state.book.SheetNames = state.book.SheetNames.map((each) => (each === state.name ? name : each));
    state.book.Sheets[name] = state.sheet;
    if (name !== state.name) delete state.book.Sheets[state.name];
    state.name = name;
  },
  add_sheet: (state, name, lines) => XLSX.utils.book_append_sheet(state.book, XLSX.utils.aoa_to_sheet(lines), name),
  new_book: (state) => {
    const book = XLSX.utils.book_new();
    XLSX.utils.book_append_sheet(book, state.sheet, state.name);
    state.book = book;
  },
  values_only: (state) => {
    const lines = XLSX.utils.sheet_to_json(state.sheet, { header: 1, raw: false, defval: "" });
    const book = XLSX.utils.book_new();
    state.name = "Sheet1";
    state.sheet = XLSX.utils.aoa_to_sheet(lines.map((line) => line.map((value) => (value === "" ? null : value))));
    XLSX.utils.book_append_sheet(book, state.sheet, state.name);
    state.book = book;
  },
  paste_into: (state, other, top, left, bottom, right) => {
    const source = linesOf(state.sheet);
    const book = read(other);
    state.book = book;
    [state.name] = book.SheetNames;
    state.sheet = book.Sheets[state.name];
    at(state, (lines) => {
      const header = lines.findIndex((line) => textOf(line[0]) === "序号");
      const pasted = source.slice(top, bottom + 1).map((line) => line.slice(0, right + 1));
      lines.splice(header + 1, lines.length, ...pasted);
    });
  },
  freeze: () => {},
  colour: () => {},
  fill_down: (state, top, bottom, column) => at(state, (lines) => {
    for (let row = top + 1; row <= bottom; row += 1) lines[row][column] = lines[top][column] && { ...lines[top][column] };
  }),
  replace: (state, old, fresh) => at(state, (lines) => lines.forEach((line, row) => line.forEach((cell, column) => {
    if (cell && cell.t === "s") lines[row][column] = text(String(cell.v).replaceAll(old, fresh));
  }))),
};

function carriedOut(order) {
  const book = read(order.open);
  const name = book.SheetNames[order.sheet];
  const state = { book, name, sheet: book.Sheets[name] };
  for (const [action, ...given] of order.actions) actions[action](state, ...given);
  if (order.kind === "csv") {
    const written = XLSX.utils.sheet_to_csv(state.book.Sheets[state.name]);
    fs.writeFileSync(order.save, order.encoding === "gb18030" ? Buffer.from(CODES.utils.encode(936, written).map((byte) => byte || 63)) : `\ufeff${written}`);
  } else {
    fs.writeFileSync(order.save, XLSX.write(state.book, { type: "buffer", bookType: KINDS[order.kind], compression: true }));
  }
  return {};
}

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  let answer;
  try { answer = carriedOut(JSON.parse(line)); } catch (fault) { answer = { fault: String(fault.stack) }; }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
});
