// biome-ignore-all lint/suspicious/noTemplateCurlyInString: shell text, not templates
import { fc } from '../../properties.ts';

/** Pieces are separated by blanks; `⏎` stands for a line feed, `␣` for a blank inside of a piece, `␍` for a carriage return. */
const pieces = (text: string): string[] =>
  text
    .trim()
    .split(/\s+/)
    .map((piece) => piece.replaceAll('⏎', '\n').replaceAll('␣', ' ').replaceAll('␍', '\r').replaceAll('⇥', '\t'));

const oneOf = (text: string) => fc.constantFrom(...pieces(text));

const program = fc.oneof(
  { weight: 2, arbitrary: oneOf('good good␣a tool␣sub') },
  {
    weight: 1,
    arbitrary:
      oneOf(`good tool evil evil2 ls cat echo grep git find xargs env timeout nohup nice bash sh eval command exec
      builtin time sudo printf test [ [[ cd set export read source . trap alias unset exit sed sort true coproc function stdbuf hash shopt`),
  },
);

const word = fc.oneof(
  { weight: 4, arbitrary: oneOf(String.raw`sub a evil -x -n "evil" 'good;␣evil' \;evil $x a.txt -- 1 *.txt`) },
  {
    weight: 1,
    arbitrary:
      oneOf(String.raw`sub a evil good -c -n 1 5 -exec -execdir {} \; + -- -I{} -x - ~ . -i "evil" 'evil' e"vi"l \evil 'good;␣evil'
      "good␣&&␣evil" 'evil␣$0' "$x" $x ${'$'}{x} "${'$'}{x}" $y "$y" $(evil) ${'`'}evil${'`'} "$(evil)" <(evil) >(evil) ${'$'}{x:-$(evil)}
      $((1)) ${'$'}{x@P} ${'$'}{!x} $'evil' $"evil" * ?vil [e]vil *.txt {evil,a} e{v,}il # #evil a# ! { } ( ) x=1 PATH=. = "$@" \ then do
      done fi in a\⏎b \⏎evil "a⏎evil" '' "" <<< EOF -print -name -e $ $#`),
  },
);

const oddSeparator = oneOf(String.raw`; && || | & ⏎ |& ␣;␣ ;; ⇥ ␣ ;⏎ &&␣\⏎ ␍⏎ ␣\⏎ #⏎`);

const separator = fc.oneof({ weight: 3, arbitrary: oneOf('; && || | ⏎') }, { weight: 1, arbitrary: oddSeparator });

const redirect = oneOf(`>␣out >>␣out 2>&1 >␣/dev/null <␣a.txt <<<␣evil <<<␣"$(evil)" &>␣out >&␣out 2>&- <>␣out >|␣out
  <<EOF⏎evil⏎EOF⏎ <<'EOF'⏎$(evil)⏎EOF⏎ <<EOF⏎$(evil)⏎EOF⏎ <<-EOF⏎⇥evil⏎⇥EOF⏎evil <<"E"F␣evil⏎x⏎EF⏎ >$x`);

const prefix = fc.oneof(
  { weight: 2, arbitrary: fc.constant('') },
  { weight: 1, arbitrary: oneOf('!␣ x=evil␣ PATH=.␣ IFS=d␣ >␣out␣ time␣ x=1;␣ {␣ (␣ A=1␣B=2␣') },
);

const command = fc
  .tuple(prefix, program, fc.array(word, { maxLength: 4 }), fc.option(redirect, { freq: 5, nil: '' }))
  .map(([before, name, words, after]) => `${before}${[name, ...words].join(' ')} ${after}`.trim());

const shape =
  oneOf(String.raw`(L) {␣L;␣} if␣L;␣then␣L;␣fi while␣false;␣do␣L;␣done for␣i␣in␣a␣evil;␣do␣L;␣done f()␣{␣L;␣};␣f !␣L
  case␣a␣in␣a)␣L;;␣esac for␣good␣in␣evil;␣do␣L;␣done good()␣{␣L;␣};␣good␣a f()␣(␣L␣);␣f␣evil $(L) bash␣-c␣"L" bash␣-c␣'L' eval␣"L" xargs␣L
  timeout␣5␣L env␣L find␣.␣-maxdepth␣0␣-exec␣L␣\; sudo␣L nohup␣L command␣L [[␣-n␣x␣]]␣&&␣L ((␣1␣))␣&&␣L echo␣${'`'}L${'`'}
  L␣<<EOF⏎L⏎EOF⏎ until␣L;␣do␣L;␣break;␣done coproc␣L {␣L;␣}␣>␣out`);

/** Lines built from the grammar's parts, most of them of allowed commands, some of them no bash at all. */
export const generatedLine = fc.letrec<{ list: string; compound: string; one: string }>((tie) => ({
  one: fc.oneof({ weight: 5, arbitrary: command }, { weight: 2, arbitrary: tie('compound') }),
  list: fc.array(fc.tuple(tie('one'), separator), { minLength: 1, maxLength: 3 }).map((parts) => {
    const text = parts.map(([part, between]) => part + between).join(' ');
    return text.slice(0, text.length - (parts.at(-1)?.[1].length ?? 0));
  }),
  compound: fc
    .tuple(shape, tie('list'), tie('list'))
    .map(([text, first, second]) => text.replace('L', () => first).replace('L', () => second)),
})).list;

const allowedLine =
  oneOf(String.raw`good␣a␣b tool␣sub␣x good␣a␣&&␣tool␣sub good␣"a␣b"␣|␣good good␣'a'␣;␣good if␣good;␣then␣good␣a;␣fi
  echo␣a␣evil;ls for␣i␣in␣a␣b;␣do␣good␣$i;␣done bash␣-c␣'good␣evil' timeout␣5␣good␣evil xargs␣good␣evil (good;␣tool␣sub␣evil)
  cat␣<<'EOF'⏎evil⏎EOF⏎good good␣#␣evil good␣\⏎␣evil find␣.␣-name␣evil␣-exec␣good␣{}␣\; eval␣good␣evil good␣2>&1 f()␣{␣good␣evil;␣}
  cat␣<<EOF⏎evil⏎EOF env␣good␣evil sudo␣good␣evil cat␣"a.txt"␣evil grep␣evil␣a.txt [␣-f␣evil␣]`);

/** Most of these are not allowed: what matters is that rules that forbid see through them. */
const oddLine =
  oneOf(`env␣A=1␣good␣evil nice␣-n␣5␣good␣evil nohup␣good␣evil stdbuf␣-o␣L␣good␣evil time␣-p␣good␣evil exec␣good␣evil command␣good␣evil
  [␣a␣=␣evil␣]␣&&␣good [[␣a␣=~␣evil␣]]␣&&␣good ((1))␣&&␣good␣evil case␣evil␣in␣a)␣good;;␣*)␣good␣evil;;␣esac coproc␣good␣evil
  trap␣'good␣evil'␣EXIT x=(evil␣b);␣good␣"${'$'}{x[0]}" good␣{evil,b} good␣$((evil)) function␣f␣{␣good␣evil;␣};␣f xargs␣-n␣1␣good␣evil
  cat␣<<-'E'␣|␣good⏎⇥evil⏎⇥E good␣<(cat␣evil) printf␣'%s'␣evil␣|␣good select␣i␣in␣evil;␣do␣good;␣done good␣$'evil' good␣${'$'}{x:-evil}
  until␣good;␣do␣evil=1;␣done source␣evil xargs␣-I␣{}␣good␣{}␣evil find␣.␣-exec␣good␣evil␣{}␣+ good␣>␣evil␣2>&1 alias␣good=evil;␣good
  bash␣-x␣a.txt␣evil bash␣-c␣'good␣"$@"'␣_␣evil`);

const noise =
  oneOf(String.raw`" ' \ $ ${'`'} ; & | ⏎ ( ) { } < > # ␣ ⇥ * ? [ ] ! ~ = , evil ␣evil␣ ;evil ⏎evil $( <( << <<< EOF ⏎EOF⏎ \⏎ ␍
  $x x= -c 0`);

const benign = oneOf('"" a ␣ ␣␣ b.txt -x \\a ␣;good␣ ␣&&␣tool␣sub␣ ␣|␣good␣ ␣#␣ ␣$x␣');

const insert = fc.oneof(
  { weight: 20, arbitrary: noise },
  { weight: 20, arbitrary: benign },
  { weight: 1, arbitrary: fc.constantFrom('\u00a0', '\u200b', '\u0000') },
);

const change = fc.tuple(fc.nat(), fc.constantFrom(0, 0, 0, 1, 2), insert);

/** Lines with a few characters put in, taken out or replaced; most were allowed as they were. */
export const changedLine = fc
  .tuple(
    fc.oneof({ weight: 3, arbitrary: allowedLine }, { weight: 1, arbitrary: oddLine }),
    fc.array(change, { minLength: 1, maxLength: 3 }),
  )
  .map(([text, changes]) =>
    changes.reduce((now, [at, cut, added]) => {
      const place = at % (now.length + 1);
      return now.slice(0, place) + added + now.slice(place + cut);
    }, text),
  );
