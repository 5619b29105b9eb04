/** What TypeScript knows about the names that a notebook has declared. */
import type ts from 'typescript';
import type { TypedName } from '../shared/messages.js';
import { allNamesText, type KeptNames } from './names.js';
import type { CellService } from './program/service.js';
import { scanCell } from './scan.js';

/** The names with their types. */
export function describeNames(service: CellService, names: KeptNames): TypedName[] {
  const { typescript: t, cellFile } = service;
  service.setFile(cellFile, allNamesText(names, scanCell(t, '')).text);
  const program = service.program();
  const checker = program.getTypeChecker();
  const file = program.getSourceFile(cellFile) as ts.SourceFile;
  const symbols = new Map(
    checker
      .getSymbolsInScope(file, t.SymbolFlags.Value | t.SymbolFlags.Type | t.SymbolFlags.Alias | t.SymbolFlags.Namespace)
      .filter(({ declarations }) => declarations?.some((each) => each.getSourceFile() === file))
      .map((symbol) => [symbol.name, symbol]),
  );
  const format = t.TypeFormatFlags.NoTruncation | t.TypeFormatFlags.UseAliasDefinedOutsideCurrentScope;
  return [...names].map(([name, { kind }]) => {
    const isType = kind === 'type';
    const found = symbols.get(name);
    if (found === undefined) return { name, type: 'unknown', isType };
    const symbol = found.flags & t.SymbolFlags.Alias ? checker.getAliasedSymbol(found) : found;
    if (isType) return { name, type: symbol.flags & t.SymbolFlags.Interface ? 'interface' : 'type', isType };
    const type = checker.getTypeOfSymbolAtLocation(symbol, file);
    return { name, type: checker.typeToString(type, undefined, format), isType };
  });
}
