/** Walks the syntax trees of components and finds words that are not in the locales. */
import { parseSync } from 'vite';

type Node = { type: string; [key: string]: unknown };

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'type' in value;

const childrenOf = (node: Node): Node[] =>
  Object.values(node).flatMap((value) => (Array.isArray(value) ? value.filter(isNode) : isNode(value) ? [value] : []));

/** Attributes that a person sees or hears. */
const spoken =
  /^(aria-(label|description|roledescription|valuetext)|alt|title|placeholder|label|help|note|unit|summary|text)$/;

const hasWords = (text: unknown): text is string => typeof text === 'string' && /\p{L}/u.test(text);

/** The words that an expression may come to: those of strings, templates and branches, not what a call is given. */
function wordsIn(node: unknown): string[] {
  if (!isNode(node)) return [];
  switch (node.type) {
    case 'Literal':
      return hasWords(node.value) ? [node.value] : [];
    case 'TemplateLiteral': {
      const texts = (node.quasis as Node[]).map(({ value }) => (value as { cooked: string }).cooked);
      return [...texts.filter(hasWords), ...(node.expressions as Node[]).flatMap(wordsIn)];
    }
    case 'ConditionalExpression':
      return [...wordsIn(node.consequent), ...wordsIn(node.alternate)];
    case 'LogicalExpression':
    case 'BinaryExpression':
      return node.type === 'LogicalExpression' || node.operator === '+'
        ? [...wordsIn(node.left), ...wordsIn(node.right)]
        : [];
    case 'ArrayExpression':
      return (node.elements as Node[]).flatMap(wordsIn);
    case 'ParenthesizedExpression':
    case 'TSAsExpression':
    case 'JSXExpressionContainer':
      return wordsIn(node.expression);
    default:
      return [];
  }
}

export type Found = { words: string[]; elements: number; components: number; numbers: string[] };

/** Literal words, and numbers or dates written without a locale, in one file. */
export function readComponents(path: string, source: string): Found {
  const { program, errors } = parseSync(path, source);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]!.message}`);
  const found: Found = { words: [], elements: 0, components: 0, numbers: [] };
  const walk = (node: Node): void => {
    if (node.type === 'JSXElement' || node.type === 'JSXFragment') {
      if (node.type === 'JSXElement') found.elements++;
      for (const child of node.children as Node[]) {
        if (child.type === 'JSXText' && hasWords(child.value)) found.words.push(child.value.trim());
        if (child.type === 'JSXExpressionContainer') found.words.push(...wordsIn(child));
      }
    }
    if (node.type === 'JSXAttribute' && spoken.test(String((node.name as Node).name)) && isNode(node.value))
      found.words.push(...wordsIn(node.value));
    if (node.type === 'FunctionDeclaration' && /^[A-Z]/.test(String((node.id as Node | null)?.name)))
      found.components++;
    if (node.type === 'MemberExpression') {
      const name = String((node.property as Node).name);
      if (/^toLocale/.test(name) && name !== 'toLocaleLowerCase') found.numbers.push(name);
      if ((node.object as Node).type === 'Identifier' && (node.object as Node).name === 'Intl')
        found.numbers.push('Intl');
    }
    for (const child of childrenOf(node)) walk(child);
  };
  walk(program as unknown as Node);
  return found;
}
