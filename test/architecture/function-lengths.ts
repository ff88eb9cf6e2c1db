import ts from 'typescript';
import type { SourceFile } from './source-tree.js';

export interface FunctionLength {
  readonly where: string;
  readonly lines: number;
}

/** Every function with a body, nested ones too; `lines` counts from its first to its last line. */
export function functionLengths(file: SourceFile): readonly FunctionLength[] {
  const tree = parse(file);
  const lineOf = (position: number) => tree.getLineAndCharacterOfPosition(position).line + 1;
  return functionsIn(tree).map((node) => {
    const first = lineOf(node.getStart(tree));
    return { where: `${file.path}:${first}`, lines: lineOf(node.end) - first + 1 };
  });
}

/** True if the file has a function of its own, which means that it decides something. */
export function hasFunction(file: SourceFile): boolean {
  return functionsIn(parse(file)).length > 0;
}

function parse(file: SourceFile): ts.SourceFile {
  return ts.createSourceFile(file.path, file.text, ts.ScriptTarget.ES2022, true);
}

function functionsIn(root: ts.Node): readonly ts.FunctionLikeDeclaration[] {
  const found: ts.FunctionLikeDeclaration[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body !== undefined) found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(root);
  return found;
}
