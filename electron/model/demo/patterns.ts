import { quotedText as Q } from './quotes.ts';

/** A name that can only be a file or folder: quoted, with a dot or a slash, or one of the well-known. */
export const file = `(?:${Q}|[\\w@~+-]*(?:[./][\\w@+-]+)+/?|README|LICENSE|Makefile|Dockerfile|CHANGELOG)`;
const path = `(?:${Q}|[\\w@~.+-]+(?:/[\\w@.+-]+)*/?)`;

const polite = String.raw`^\s*(?:please|now|ok(?:ay)?|can you|could you|would you)?[,\s]*(?:please\s+)?`;
const pattern = (source: string) => new RegExp(source, 'is');

/** The wordings that the demo follows. `Q` stands for anything quoted. */
export const patterns = {
  run: pattern(`\\b(?:run|execute)\\b(?:\\s+(?:the|this|shell|command|following))*\\s*:?\\s*(${Q})`),
  runPlain: pattern(
    `${polite}(?:run|execute)(?:\\s+the\\s+command)?\\s*:?\\s+(?!(?:the|a|an|all|my|your|this|it|some|tests?)\\b)([^⟦].*?)[.!]?\\s*$`,
  ),
  createWith: pattern(
    `\\b(?:create|write|make|add)\\b(?:\\s+(?:a|an|the|new|text))*(?:\\s+file)?(?:\\s+(?:named|called))?\\s+(${file})\\s*,?\\s*(?:with|containing|that\\s+(?:says|contains)|saying|:)(?:\\s+(?:the|this|text|contents?|words?|line))*\\s*:?\\s*(.+)$`,
  ),
  writeTo: pattern(
    `\\b(?:write|put|save)\\s+(${Q}|\\S+)\\s+(?:in|into|to)\\s+(?:a\\s+|the\\s+)?(?:new\\s+)?(?:file\\s+)?(?:named\\s+|called\\s+)?(${file})`,
  ),
  createEmpty: pattern(
    `\\bcreate\\b(?:\\s+(?:a|an|the|new|empty))*\\s+file(?:\\s+(?:named|called))?\\s+(${file})\\s*[.!]?\\s*$`,
  ),
  replace: pattern(
    `\\b(?:replace|change)\\b\\s+(all\\s+|every\\s+)?(?:occurrences\\s+of\\s+)?(?:the\\s+word\\s+)?(${Q}|\\S+)\\s+(?:with|to|by|into)\\s+(${Q}|\\S+)\\s+(everywhere\\s+)?in\\s+(?:the\\s+file\\s+)?(${file})`,
  ),
  replaceIn: pattern(
    `\\bin\\s+(?:the\\s+file\\s+)?(${file}),?\\s+(?:replace|change)\\s+(all\\s+|every\\s+)?(?:the\\s+word\\s+)?(${Q}|\\S+)\\s+(?:with|to|by|into)\\s+(${Q}|\\S+)`,
  ),
  fixTypos: /\b(?:fix|correct|repair)\b.{0,40}\b(?:typos?|spelling)\b/is,
  parallel: /\b(?:in parallel|parallel|at the same time|at once|simultaneously|child (?:sessions|agents))\b/i,
  look: pattern(
    `\\b(?:look\\s+(?:at|into|through)|inspect|explore|check|review|examine)\\b\\s+(?:the\\s+)?(?:folders?\\s+|files?\\s+|director(?:y|ies)\\s+)?(.+)$`,
  ),
  findFiles: pattern(
    `\\b(?:find|list|show)\\b.*?\\bfiles?\\b.*?(?:named|called|matching|like|ending\\s+(?:in|with))\\s+(${Q}|\\S+)`,
  ),
  globs: /\b(?:find|list|show)\b.*?(\*[\w.*/{},-]+|\S*\/\*\S*)/is,
  search: pattern(
    `\\b(?:search|grep|look)\\b(?:\\s+(?:the\\s+)?(?:project|code|files|workspace|everywhere|everything))?(?:\\s+for)\\s+(?:the\\s+(?:word|text)\\s+)?(${Q}|\\S+)`,
  ),
  searchIn: pattern(
    `\\b(?:search|grep|look)\\s+(?:in\\s+|through\\s+)?(${file}|[\\w-]+/?)\\s+for\\s+(?:the\\s+(?:word|text)\\s+)?(${Q}|\\S+)`,
  ),
  searchPlain: pattern(
    `\\b(?:search|grep|find)\\s+(?:for\\s+)?(?:all\\s+|every\\s+|the\\s+(?:word|text)\\s+)?(?!(?:the|a|an|my|your|this|it|out|me)\\b)(${Q}|[\\w$.-]+)`,
  ),
  mentions: pattern(`\\b(?:where\\s+is|which\\s+files?\\s+(?:mention|contain|use)s?|who\\s+uses)\\s+(${Q}|[\\w$.-]+)`),
  project:
    /\b(?:summar\w*|overview|structure|explain|describe|tell me about|what (?:is|does)|explore)\b.{0,40}\b(?:project|repo\w*|workspace|code\s*base|code|structure|folder|here)\b|\b(?:overview|structure)\b|^\s*summar\w+\s*(?:this|it|everything)?[.!]?\s*$/is,
  readFile: pattern(
    `\\b(?:read|show|open|cat|display|print|view|summar\\w+|explain|what\\s+(?:is\\s+in|does)|what's\\s+in)\\b(?:\\s+(?:me|the|file|contents?|of))*\\s+(${file})`,
  ),
  /** A question about something or a warning against it is no order to do it. */
  noOrder:
    /\b(?:don't|do not|never|without|instead of|how (?:to|do|can))\b|^\s*(?:what|why|how|when|is|are|am|was|should|does|did|do|who|which|if)\b/i,
  list: /\b(?:list|ls|show|which|what|see)\b.{0,30}\b(?:files?|folders?|director(?:y|ies)|contents?|everything|is (?:in )?here)\b|^\s*ls\b/is,
  ofPath: pattern(
    `\\b(?:in|of|under|inside)\\s+(?:the\\s+)?(?:folder\\s+|directory\\s+)?(?!(?:this|the|my|here|it|workspace|project|folder|directory|root)\\b)(${path})`,
  ),
  whatIsIn: pattern(
    `\\bwhat(?:'s|\\s+is)\\s+(?:in|inside)\\s+(?:the\\s+)?(?:folder\\s+|directory\\s+)?(?!(?:this|the|my|here|it)\\b)(${path})`,
  ),
  lsPath: pattern(`^\\s*ls\\s+(${path})\\s*$`),
};
