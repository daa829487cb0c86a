import { type Result, toFailure } from '../../shared/errors.ts';
import { isCall, titleFrom } from '../../shared/session/selectors.ts';
import type { PromptItem, SessionState } from '../../shared/session/state.ts';
import { priceOf } from '../agent/price.ts';
import type { Log } from '../log.ts';
import type { ModelReply, ModelRequest, ResolvedModel } from '../model/model-client.ts';
import type { Session, Subscriber } from './session.ts';

export interface TitlerDeps {
  subscribeAll(subscriber: Subscriber): () => void;
  session(id: string): Promise<Session>;
  model(profileId: string | undefined): Promise<Result<ResolvedModel>>;
  enabled(): boolean;
  log: Log;
}

const timeoutMs = 30_000;
/** Of each text so much is shown to the model. */
const mostChars = 2000;
const longest = 60;

const instructions =
  'You name conversations. Answer with a title for the conversation that you are shown: 3 to 7 words, in its language, no quotes, no full stop, nothing else.';

/**
 * Gives a session a title of the model's after its first exchange, with a small call of its own that is billed to the session. A title
 * that a person or a parent gave is left alone; without a model, or with one that fails, the first prompt's line stays.
 */
export function createTitler(deps: TitlerDeps) {
  const underway = new Map<Promise<void>, { id: string; stop: AbortController }>();
  const unsubscribe = deps.subscribeAll({
    envelope: ({ stream, event }) => {
      if (event.type === 'session.destroyed') stop((one) => one.id === stream);
      if (event.type !== 'run.ended' || event.outcome !== 'completed' || !deps.enabled()) return;
      const one = { id: stream, stop: new AbortController() };
      const done = entitle(stream, one.stop.signal)
        .catch((thrown) => deps.log.warn('A title could not be made', { session: stream, ...toFailure(thrown) }))
        .finally(() => underway.delete(done));
      underway.set(done, one);
    },
  });

  function stop(which: (one: { id: string }) => boolean): void {
    for (const one of underway.values()) if (which(one)) one.stop.abort();
  }

  async function entitle(id: string, stopped: AbortSignal): Promise<void> {
    const session = await deps.session(id);
    const prompt = firstPromptOf(session.state);
    if (!prompt) return;
    const model = await deps.model(session.state.head.config.profileId);
    if (!model.ok || model.value.demo || stopped.aborted) return;
    const reply = await ask(model.value, requestOf(session.state, prompt), stopped);
    if (!reply || session.state.head.destroyed) return;
    const { prices } = model.value;
    session.append({
      type: 'model.called',
      kind: 'title',
      model: reply.model,
      ...(reply.usage ? { usage: reply.usage } : {}),
      ...(reply.usage && prices ? { cost: priceOf(reply.usage, prices) } : {}),
    });
    const title = titleOf(reply.text);
    if (title !== '' && isUnnamed(session.state, prompt))
      session.append({ type: 'session.configured', changes: { title } });
  }

  return {
    /** Ends what is under way; resolves when nothing is any more. */
    async close(): Promise<void> {
      unsubscribe();
      stop(() => true);
      await Promise.all(underway.keys());
    },
  };
}

/** The one prompt of a session that has had its first exchange and still bears the prompt's line as its title. */
function firstPromptOf(state: SessionState): PromptItem | undefined {
  const prompts = state.items.filter((item) => item.kind === 'prompt');
  const [first] = prompts;
  if (!first || prompts.length > 1 || state.firstItem > 0 || state.head.parent) return undefined;
  return isUnnamed(state, first) ? first : undefined;
}

const isUnnamed = (state: SessionState, prompt: PromptItem): boolean =>
  state.head.config.title === titleFrom(prompt.text);

function requestOf(state: SessionState, prompt: PromptItem): ModelRequest {
  const answer = state.items.findLast((item) => item.kind === 'message' && item.text !== '');
  const calls = state.items.filter(isCall).map((call) => `${call.tool}: ${call.title}`);
  const shown = [
    `Prompt:\n${prompt.text.slice(0, mostChars)}`,
    ...(calls.length > 0 ? [`Done:\n${calls.slice(0, 20).join('\n').slice(0, mostChars)}`] : []),
    ...(answer?.kind === 'message' ? [`Answer:\n${answer.text.slice(0, mostChars)}`] : []),
  ];
  const content = `${shown.join('\n\n')}\n\nThe title:`;
  return {
    tools: [],
    messages: [
      { role: 'system', content: instructions },
      { role: 'user', content },
    ],
  };
}

/** The reply, cut short or not, if the call has cost anything. */
async function ask(model: ResolvedModel, request: ModelRequest, stopped: AbortSignal): Promise<ModelReply | undefined> {
  const controller = new AbortController();
  const abort = () => controller.abort();
  const timer = setTimeout(abort, timeoutMs);
  stopped.addEventListener('abort', abort, { once: true });
  try {
    for await (const event of model.client.stream(request, controller.signal)) {
      if (event.type === 'completed') return event.reply;
      if (event.type === 'failed' || event.type === 'aborted') {
        return event.partial.usage ? { ...event.partial, text: '' } : undefined;
      }
    }
    return undefined;
  } finally {
    clearTimeout(timer);
    stopped.removeEventListener('abort', abort);
  }
}

/** The first line that says something, without what models put around a title. Empty when it is none. */
export function titleOf(reply: string): string {
  const lines = reply.replace(/<think>[\s\S]*?<\/think>/g, '').split('\n');
  const line = lines.map(bare).find((text) => text !== '') ?? '';
  return line.length > longest ? `${line.slice(0, longest - 1).trimEnd()}…` : line;
}

const bare = (line: string): string =>
  line
    .trim()
    .replace(/^[#*\s>-]+/, '')
    .replace(/^title:\s*/i, '')
    .replace(/^["'“”«‘`*_]+|["'“”»’`*_.]+$/g, '')
    .trim();
