// A clerk's script with exceljs: one order per line on stdin, one answer per line on stdout, both JSON.
// An order: {"open", "sheet", "actions", "save", "kind"}; the actions are those of client_edits.py.
"use strict";
const path = require("node:path");
const readline = require("node:readline");
const { createRequire } = require("node:module");
const load = createRequire(path.join(__dirname, "..", "node", "package.json"));
const ExcelJS = load("exceljs");

const copied = (value) => (value === undefined ? null : value);

function plain(value) {
  if (value && typeof value === "object" && Array.isArray(value.richText)) return value.richText.map((run) => run.text).join("");
  return value;
}

function swapRows(sheet, rows, left, right, order) {
  const lines = rows.map((row) => {
    const line = [];
    for (let column = left; column <= right; column += 1) {
      const cell = sheet.getCell(row, column);
      line.push([copied(cell.value), cell.style]);
    }
    return line;
  });
  lines.sort(order);
  rows.forEach((row, place) => {
    for (let column = left; column <= right; column += 1) {
      const cell = sheet.getCell(row, column);
      [cell.value, cell.style] = lines[place][column - left];
    }
  });
}

function unmergeBelow(sheet, first) {
  for (const name of Object.keys(sheet._merges)) if (sheet._merges[name].top >= first) sheet.unMergeCells(sheet._merges[name].range);
}

const actions = {
  text: (state, row, column, text) => { state.sheet.getCell(row + 1, column + 1).value = text; },
  pasted: (state, row, column, text) => { const cell = state.sheet.getCell(row + 1, column + 1); cell.value = text; cell.numFmt = "@"; },
  day: (state, row, column, text) => {
    const cell = state.sheet.getCell(row + 1, column + 1);
    cell.value = new Date(`${text}T00:00:00Z`);
    cell.numFmt = "yyyy-mm-dd";
  },
  number: (state, row, column, value) => { const cell = state.sheet.getCell(row + 1, column + 1); cell.value = value; cell.numFmt = "0"; },
  percent: (state, row, column, value) => { const cell = state.sheet.getCell(row + 1, column + 1); cell.value = value; cell.numFmt = "0%"; },
  clear: (state, top, left, bottom, right) => {
    for (let row = top; row <= bottom; row += 1) for (let column = left; column <= right; column += 1) state.sheet.getCell(row + 1, column + 1).value = null;
  },
  insert_rows: (state, row, count) => { state.sheet.insertRows(row + 1, Array.from({ length: count }, () => []), "n"); },
  delete_rows: (state, rows) => { for (const row of [...rows].sort((a, b) => b - a)) state.sheet.spliceRows(row + 1, 1); },
  copy_row: (state, row) => { state.sheet.duplicateRow(row + 1, 1, true); },
  insert_column: (state, column) => { state.sheet.spliceColumns(column + 1, 0, []); },
  delete_column: (state, column) => { state.sheet.spliceColumns(column + 1, 1); },
  move_column: (state, source, target) => {
    for (let row = 1; row <= state.sheet.rowCount; row += 1) {
      const values = [];
      for (let column = target + 1; column <= source + 1; column += 1) values.push(copied(state.sheet.getCell(row, column).value));
      if (state.sheet.getCell(row, source + 1).isMerged) continue;
      values.unshift(values.pop());
      values.forEach((value, place) => { state.sheet.getCell(row, target + 1 + place).value = value; });
    }
  },
  sort: (state, top, left, bottom, right, key, descending) => {
    const rows = Array.from({ length: bottom - top + 1 }, (_, place) => top + 1 + place);
    unmergeBelow(state.sheet, top + 1);
    const text = (line) => String(plain(line[key - left][0]) ?? "");
    swapRows(state.sheet, rows, left + 1, right + 1, (a, b) => (descending ? -1 : 1) * text(a).localeCompare(text(b), "zh"));
  },
  merge: (state, top, left, bottom, right) => { state.sheet.mergeCells(top + 1, left + 1, bottom + 1, right + 1); },
  show_column: (state, column) => { state.sheet.getColumn(column + 1).hidden = false; },
  hide_rows: (state, rows) => { for (const row of rows) state.sheet.getRow(row + 1).hidden = true; },
  filter_delete: (state, column, text, rows) => actions.delete_rows(state, rows),
  rename_sheet: (state, name) => { state.sheet.name = name; },
  add_sheet: (state, name, lines) => { state.book.addWorksheet(name).addRows(lines); },
  new_book: (state) => {
    const book = new ExcelJS.Workbook();
    const made = book.addWorksheet(state.sheet.name);
    made.model = { ...state.sheet.model, name: state.sheet.name, mergeCells: [], mediaIds: undefined };
    for (const range of state.sheet.model.merges) { try { made.mergeCells(range); } catch { /* merged already */ } }
    state.book = book;
    state.sheet = made;
  },
  values_only: (state) => {
    const book = new ExcelJS.Workbook();
    const made = book.addWorksheet("Sheet1");
    state.sheet.eachRow((row, number) => row.eachCell((cell, column) => {
      if (cell.isMerged && cell.master !== cell) return;
      made.getCell(number, column).value = plain(cell.value);
      if (cell.value instanceof Date) made.getCell(number, column).numFmt = "yyyy/m/d";
    }));
    state.book = book;
    state.sheet = made;
  },
  paste_into: async (state, other, top, left, bottom, right) => {
    const book = new ExcelJS.Workbook();
    await book.xlsx.readFile(other);
    const target = book.worksheets[0];
    let header = 1;
    while (target.getCell(header, 1).value !== "序号") header += 1;
    const last = target.rowCount;
    for (let row = top; row <= bottom; row += 1) {
      for (let column = left; column <= right; column += 1) {
        target.getCell(header + 1 + row - top, column + 1).value = copied(state.sheet.getCell(row + 1, column + 1).value);
      }
    }
    for (let row = last; row > header + 1 + bottom - top; row -= 1) target.spliceRows(row, 1);
    state.book = book;
    state.sheet = target;
  },
  freeze: (state, row, column) => { state.sheet.views = [{ state: "frozen", xSplit: column, ySplit: row }]; },
  colour: (state, top, left, bottom, right, colour) => {
    for (let column = left; column <= right; column += 1) {
      const cell = state.sheet.getCell(top + 1, column + 1);
      cell.style = { ...cell.style, fill: { type: "pattern", pattern: "solid", fgColor: { argb: `FF${colour}` } } };
    }
  },
  fill_down: (state, top, bottom, column) => {
    const first = copied(state.sheet.getCell(top + 1, column + 1).value);
    for (let row = top + 1; row <= bottom; row += 1) state.sheet.getCell(row + 1, column + 1).value = first;
  },
  replace: (state, old, fresh) => {
    state.sheet.eachRow((row) => row.eachCell((cell) => {
      if (typeof cell.value === "string" && !(cell.isMerged && cell.master !== cell)) cell.value = cell.value.replaceAll(old, fresh);
    }));
  },
};

async function carriedOut(order) {
  const book = new ExcelJS.Workbook();
  await book.xlsx.readFile(order.open);
  const state = { book, sheet: book.worksheets[order.sheet] };
  for (const [name, ...given] of order.actions) await actions[name](state, ...given);
  if (order.kind === "csv") await state.book.csv.writeFile(order.save, { sheetId: state.sheet.id, encoding: "utf8" });
  else await state.book.xlsx.writeFile(order.save);
  return {};
}

(async () => {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    let answer;
    try { answer = await carriedOut(JSON.parse(line)); } catch (fault) { answer = { fault: String(fault.stack) }; }
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
})();
