/** Images of notebooks: a form, what is lacking, and the builds with their logs. */

import { PathExt } from '@jupyterlab/coreutils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { HTMLSelect } from '@jupyterlab/ui-components';
import { type ReactElement, useLayoutEffect, useRef } from 'react';

import type { ImageBuild } from '../api/types';
import { isFinal } from '../run/liveSteps';
import { StateMark } from '../run/view';
import { Action } from '../ui/action';
import { Empty } from '../ui/empty';
import { Refused } from '../ui/refused';
import { timeText } from '../ui/words';
import type { ImageCheck, ImagesModel, Wanted } from './model';

export interface ImagesProps {
  model: ImagesModel;
  /** Path of the current notebook; null where there is none. */
  current: string | null;
  build: (path: string) => void;
  check: (path: string) => void;
  trans: TranslationBundle;
}

export function ImagesView(props: ImagesProps): ReactElement {
  const { model, current, trans } = props;
  const { builds, checks, problem } = model;
  return (
    <>
      {current === null ? (
        <Empty title={trans.__('No notebook is open')}>
          {trans.__('Open a notebook: an image is built out of what it imports, for its steps to run in.')}
        </Empty>
      ) : (
        <Form {...props} path={current} />
      )}
      <Refused problem={problem} findings={[]} trans={trans} />
      {checks && <Checks checks={checks} trans={trans} />}
      {builds?.length === 0 && current !== null && (
        <Empty title={trans.__('No image was built yet')}>
          {trans.__(
            'An image lets steps run in containers, here and on a cluster, with the packages that the notebook imports. A build goes on when the lab is closed.'
          )}
        </Empty>
      )}
      {builds && builds.length > 0 && (
        <div className="nb2pipe-Batches-parts">
          <Builds model={model} builds={builds} trans={trans} />
          {model.build && <Build model={model} build={model.build} trans={trans} />}
        </div>
      )}
    </>
  );
}

function Form({ model, path, build, check, trans }: ImagesProps & { path: string }): ReactElement {
  const field = (name: 'base' | 'tag' | 'push', label: string, help: string): ReactElement => (
    <Field model={model} name={name} label={label} help={help} trans={trans} />
  );
  return (
    <section className="nb2pipe-Form nb2pipe-Images-form" aria-label={trans.__('Build an image')}>
      <h2>{trans.__('Image for %1', PathExt.basename(path))}</h2>
      {field(
        'base',
        trans.__('Build on'),
        trans.__('An image with Python; empty for the setting image_base.')
      )}
      {field('tag', trans.__('Further tag'), trans.__('Empty for the tag by content alone.'))}
      {field('push', trans.__('Push to'), trans.__('REGISTRY/NAME[:TAG]; empty to keep it on this machine.'))}
      <div className="nb2pipe-Form-row">
        <label htmlFor="nb2pipe-image-engine">{trans.__('Engine')}</label>
        <HTMLSelect
          id="nb2pipe-image-engine"
          value={model.wanted.engine}
          onChange={event => model.set({ engine: event.target.value as Wanted['engine'] })}
        >
          <option value="">{trans.__('As the settings say')}</option>
          <option value="podman">podman</option>
          <option value="docker">docker</option>
        </HTMLSelect>
      </div>
      <div className="nb2pipe-Images-buttons">
        <button
          className="jp-Dialog-button jp-mod-accept jp-mod-styled"
          disabled={model.isBusy || !model.isValid}
          onClick={() => build(path)}
        >
          {model.wanted.push ? trans.__('Build and push') : trans.__('Build')}
        </button>
        <button
          className="jp-Dialog-button jp-mod-reject jp-mod-styled"
          disabled={model.isBusy || !model.isValid}
          title={trans.__('Say what the images of its steps lack for this notebook')}
          onClick={() => check(path)}
        >
          {trans.__('Check its images')}
        </button>
      </div>
    </section>
  );
}

function Field({
  model,
  name,
  label,
  help,
  trans
}: {
  model: ImagesModel;
  name: 'base' | 'tag' | 'push';
  label: string;
  help: string;
  trans: TranslationBundle;
}): ReactElement {
  const id = `nb2pipe-image-${name}`;
  const isRight = model.isRight(name);
  return (
    <div className="nb2pipe-Form-row">
      <label htmlFor={id}>{label}</label>
      <div>
        <input
          id={id}
          className="jp-mod-styled"
          type="text"
          spellCheck={false}
          autoComplete="off"
          aria-invalid={!isRight}
          value={model.wanted[name]}
          onChange={event => model.set({ [name]: event.target.value.trim() })}
        />
        <div className={isRight ? 'nb2pipe-Form-help' : 'nb2pipe-Form-problem'}>
          {isRight ? help : problemOf(name, trans)}
        </div>
      </div>
    </div>
  );
}

function problemOf(name: 'base' | 'tag' | 'push', trans: TranslationBundle): string {
  return name === 'push'
    ? trans.__(
        'A name in a registry is needed, in lower case, such as registry.example.org/team/churn or localhost:5000/churn:1.'
      )
    : trans.__('An image’s name is needed, such as registry.example.org/team/churn:1.');
}

function Checks({
  checks,
  trans
}: {
  checks: readonly ImageCheck[];
  trans: TranslationBundle;
}): ReactElement {
  return (
    <section className="nb2pipe-Images-checks" aria-label={trans.__('What its images lack')}>
      {checks.map(each => (
        <div key={each.image} data-ok={each.ok}>
          <strong>{each.image}</strong> <span>({each.steps.join(', ')})</span>
          {each.lacks.length === 0 && <p>{trans.__('It lacks nothing.')}</p>}
          <ul>
            {each.lacks.map((lack, index) => (
              <li key={index} data-severity={lack.severity}>
                {lack.what}
                {lack.here !== null && ` · ${trans.__('here %1', lack.here)}`}
                {lack.inside !== null && ` · ${trans.__('in the image %1', lack.inside)}`}
                {lack.why && ` · ${lack.why}`}
              </li>
            ))}
          </ul>
        </div>
      ))}
    </section>
  );
}

interface BuildsProps {
  model: ImagesModel;
  builds: readonly ImageBuild[];
  trans: TranslationBundle;
}

function Builds({ model, builds, trans }: BuildsProps): ReactElement {
  return (
    <nav className="nb2pipe-Batches-list" aria-label={trans.__('Builds')}>
      {builds.map(each => (
        <button
          key={each.id}
          data-build={each.id}
          aria-current={each.id === model.build?.id}
          onClick={() => model.show(each.id)}
        >
          <strong>{PathExt.basename(each.notebook ?? each.notebook_path)}</strong>
          <StateMark state={each.state} trans={trans} />
          <small>{[timeText(each.created_at), each.user].filter(Boolean).join(' · ')}</small>
        </button>
      ))}
    </nav>
  );
}

function Build({
  model,
  build,
  trans
}: {
  model: ImagesModel;
  build: ImageBuild;
  trans: TranslationBundle;
}): ReactElement {
  const log = useRef<HTMLPreElement>(null);
  useLayoutEffect(() => {
    log.current?.scrollTo(0, log.current.scrollHeight);
  }, [model.log]);
  return (
    <section className="nb2pipe-Batches-table" aria-label={trans.__('Build of an image')}>
      <header>
        <h2>{PathExt.basename(build.notebook ?? build.notebook_path)}</h2>
        <span role="status">
          <StateMark state={build.state} trans={trans} />
        </span>
        {!isFinal(build.state) && (
          <Action onClick={() => void model.cancel(build.id)}>{trans.__('Cancel')}</Action>
        )}
      </header>
      {build.message && (
        <div className="nb2pipe-Alert" role="alert">
          <strong>{build.message}</strong>
          {build.hint}
        </div>
      )}
      {build.result && <Result result={build.result} trans={trans} />}
      <pre ref={log} className="nb2pipe-Log-text" tabIndex={0} aria-label={trans.__('Log of the build')}>
        {model.log}
      </pre>
    </section>
  );
}

function Result({
  result,
  trans
}: {
  result: NonNullable<ImageBuild['result']>;
  trans: TranslationBundle;
}): ReactElement {
  const packages = Array.isArray(result['packages']) ? (result['packages'] as { name: string }[]) : [];
  const rows: [string, unknown][] = [
    [trans.__('Image'), result['tag']],
    [trans.__('Built'), result['built'] ? trans.__('anew') : trans.__('it was up to date')],
    [trans.__('On'), result['base']],
    [
      trans.__('Pushed to'),
      result['pushed'] ?? trans.__('nowhere: “Push to” and Build pushes it without building it anew')
    ],
    [trans.__('Digest'), result['digest']],
    [trans.__('Packages'), packages.map(each => each.name).join(', ')]
  ];
  return (
    <dl className="nb2pipe-Images-result" aria-label={trans.__('Image')}>
      {rows
        .filter(([, value]) => value)
        .map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{String(value)}</dd>
          </div>
        ))}
    </dl>
  );
}
