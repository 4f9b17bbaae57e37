/** How the tokenizer cuts a text: its tokens with their ids, special and unknown ones marked, and what the model never sees. */
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { TokenView } from '../../contract/trials.ts';
import { Button } from '../controls/Button.tsx';
import { useFormat, useRunOn } from '../language.ts';
import { actions, useStudio } from '../session.ts';

export function TokensTab() {
  const { t } = useTranslation();
  const { tokenText, tokens } = useStudio((state) => state.trial);
  const model = useStudio((state) => state.model.summary?.name ?? null);
  const maxLength = useStudio((state) => state.drafts.maxLength);
  // Another model or length cuts the text in another way.
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is typed asks by itself
  useEffect(() => {
    if (model && tokenText !== '') void actions.showTokens(tokenText);
  }, [model, maxLength]);
  return (
    <div className="card">
      <label className="trial-text">
        {t('try.tokenText')}
        <textarea
          className="field-text"
          rows={3}
          value={tokenText}
          disabled={!model}
          onChange={(event) => void actions.showTokens(event.target.value)}
        />
      </label>
      {tokenText === '' ? (
        <div>
          <Button isDisabled={!model} onPress={() => actions.showTokens(t('try.tokenExample'))}>
            {t('try.example')}
          </Button>
        </div>
      ) : null}
      {tokens && tokenText !== '' ? <Tokens view={tokens.view} /> : null}
    </div>
  );
}

function Tokens({ view: { pieces, maxLength } }: { view: TokenView }) {
  const { t } = useTranslation();
  const format = useFormat();
  const runOn = useRunOn();
  const cut = pieces.filter((piece) => piece.cut).length;
  const unknown = pieces.filter(({ kind }) => kind === 'unknown').length;
  return (
    <>
      <p aria-live="polite" data-testid="token-summary">
        {runOn(
          t('try.tokenCount', { count: pieces.length, tokens: format.count(pieces.length) }),
          cut > 0
            ? t('try.tokensCut', { count: cut, cut: format.count(cut), max: format.count(maxLength) })
            : t('try.tokensFit', { max: format.count(maxLength) }),
          unknown > 0 ? t('try.tokensUnknown', { count: unknown, unknown: format.count(unknown) }) : '',
        )}
      </p>
      <ol className="tokens" data-testid="tokens" aria-label={t('try.tabs.tokens')}>
        {pieces.map(({ id, piece, kind, cut, source }, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a token is what stands at its place
          <li key={i} className="token" data-kind={kind} data-cut={cut || undefined}>
            <b>{piece}</b>
            {source ? <span className="token-source">{source}</span> : null}
            <span className="small number">{id}</span>
            {kind === 'known' ? null : <span className="unseen">{t(`try.token.${kind}`)}</span>}
            {cut ? <span className="unseen">{t('try.token.cut')}</span> : null}
          </li>
        ))}
      </ol>
      <ul className="legend small">
        {(['special', 'unknown', 'cut'] as const).map((kind) => (
          <li key={kind}>
            <span className="token-sign" data-kind={kind} aria-hidden />
            {t(`try.token.${kind}`)}
          </li>
        ))}
      </ul>
    </>
  );
}
