/** The table of schedules. */

import type { TranslationBundle } from '@jupyterlab/translation';
import { deleteIcon, editIcon, type LabIcon, pauseIcon, runIcon } from '@jupyterlab/ui-components';
import type { ReactElement } from 'react';

import { stateWord } from '../ui/words';
import { Failure } from './controls';
import { resumeIcon } from './icons';
import type { Listed, ScheduleList } from './list';
import { momentText } from './times';
import { wordsOf } from './when';

export interface ListActions {
  edit: (entry: Listed) => void;
  open: (path: string) => void;
  openLast: (entry: Listed) => void;
  pause: (entry: Listed) => void;
  remove: (entry: Listed) => void;
  resume: (entry: Listed) => void;
  startScheduler: () => void;
  trigger: (entry: Listed) => void;
}

interface Props {
  list: ScheduleList;
  actions: ListActions;
  trans: TranslationBundle;
}

export function ListView({ list, actions, trans }: Props): ReactElement {
  const { answer, error, gone } = list;
  return (
    <>
      <header className="nb2pipe-Schedules-header">
        <h2>{trans.__('Schedules')}</h2>
        {answer && answer.total > 0 && (
          <SchedulerState list={list} isAlive={answer.scheduler !== null} actions={actions} trans={trans} />
        )}
      </header>
      {error && <Failure error={error} />}
      {gone && (
        <p className="nb2pipe-Failure" role="alert">
          {trans.__('There is no schedule “%1” any more: it was deleted elsewhere.', gone)}
        </p>
      )}
      {answer &&
        (answer.total > 0 ? <Table list={list} actions={actions} trans={trans} /> : <Empty trans={trans} />)}
      {!answer && !error && <p className="nb2pipe-Schedules-empty">{trans.__('Looking …')}</p>}
      {answer && answer.total > answer.schedules.length && (
        <div className="nb2pipe-Schedules-more">
          {trans.__('%1 of %2 schedules', answer.schedules.length, answer.total)}
          <button className="jp-Button jp-mod-styled" onClick={() => list.showMore()}>
            {trans.__('Show More')}
          </button>
        </div>
      )}
    </>
  );
}

function SchedulerState(props: Props & { isAlive: boolean }): ReactElement {
  const { list, isAlive, actions, trans } = props;
  if (!list.needsScheduler) {
    return <span role="status">{trans.__('They run elsewhere, whatever becomes of this machine.')}</span>;
  }
  return isAlive ? (
    <span role="status">{trans.__('Schedules run, also while JupyterLab is closed.')}</span>
  ) : (
    <span role="status" className="nb2pipe-mod-warn">
      {trans.__('No scheduler is alive, so nothing runs by itself on this machine.')}
      <button className="jp-Button jp-mod-styled jp-mod-accept" onClick={actions.startScheduler}>
        {trans.__('Start Scheduler')}
      </button>
    </span>
  );
}

function Empty({ trans }: { trans: TranslationBundle }): ReactElement {
  return (
    <div className="nb2pipe-Schedules-empty">
      <strong>{trans.__('Nothing is scheduled yet')}</strong>
      {trans.__('Open a notebook and press the clock in its toolbar: it then runs when you say, by itself.')}
    </div>
  );
}

function Table({ list, actions, trans }: Props): ReactElement {
  return (
    <table className="nb2pipe-Schedules-table" aria-label={trans.__('Schedules')}>
      <thead>
        <tr>
          <th scope="col">{trans.__('Name')}</th>
          <th scope="col">{trans.__('Notebook')}</th>
          <th scope="col">{trans.__('When')}</th>
          <th scope="col">{trans.__('Next')}</th>
          <th scope="col">{trans.__('Last')}</th>
          <th scope="col">{trans.__('Actions')}</th>
        </tr>
      </thead>
      <tbody>
        {list.answer?.schedules.map(entry => (
          <Row key={entry.id} entry={entry} isBusy={list.isBusy(entry.id)} actions={actions} trans={trans} />
        ))}
      </tbody>
    </table>
  );
}

interface RowProps {
  entry: Listed;
  isBusy: boolean;
  actions: ListActions;
  trans: TranslationBundle;
}

function Row({ entry, isBusy, actions, trans }: RowProps): ReactElement {
  const { schedule, notebook } = entry;
  return (
    <tr data-schedule={entry.name} data-standing={entry.standing} aria-busy={isBusy}>
      <th scope="row">
        {entry.name}
        {schedule?.target && (
          <span className="nb2pipe-Schedules-zone">{trans.__('on %1', schedule.target)}</span>
        )}
        {entry.reason && <span className="nb2pipe-Schedules-reason">{entry.reason}</span>}
      </th>
      <td>
        {notebook !== null ? (
          <button className="nb2pipe-Link" onClick={() => actions.open(notebook)}>
            {notebook}
          </button>
        ) : (
          (schedule?.notebook_path ?? '')
        )}
      </td>
      <td>{schedule && <When schedule={schedule} trans={trans} />}</td>
      <td>{nextText(entry, trans)}</td>
      <td>
        {entry.last_due_at && (
          <button
            className="nb2pipe-Link"
            title={trans.__('Show the latest run')}
            onClick={() => actions.openLast(entry)}
          >
            <time dateTime={entry.last_due_at}>{momentText(entry.last_due_at)}</time>
          </button>
        )}
        {entry.last_state && (
          <span className="nb2pipe-Schedules-state" data-state={entry.last_state}>
            {stateWord(entry.last_state, trans)}
          </span>
        )}
      </td>
      <td>
        <Actions entry={entry} isBusy={isBusy} actions={actions} trans={trans} />
      </td>
    </tr>
  );
}

function When(props: { schedule: NonNullable<Listed['schedule']>; trans: TranslationBundle }): ReactElement {
  const { trigger } = props.schedule;
  return (
    <>
      {wordsOf(trigger, props.trans)}
      <span className="nb2pipe-Schedules-zone">{trigger.zone}</span>
    </>
  );
}

function nextText(entry: Listed, trans: TranslationBundle): string {
  switch (entry.standing) {
    case 'paused':
      return trans.__('paused');
    case 'ended':
      return trans.__('ended');
    case 'faulty':
      return trans.__('cannot run');
    case 'active':
      return entry.next_due_at ? momentText(entry.next_due_at) : trans.__('not by the clock');
  }
}

function Actions({ entry, isBusy, actions, trans }: RowProps): ReactElement {
  const isReadable = entry.schedule !== null;
  const canRun = isReadable && !isBusy;
  const { name } = entry;
  const target = entry.schedule?.target ?? '';
  const kept = target
    ? trans.__('%1 keeps “%2” as it was sent: delete it and schedule the notebook anew', target, name)
    : '';
  return (
    <div className="nb2pipe-Schedules-actions">
      <Action
        icon={runIcon}
        label={
          target ? trans.__('%1 runs “%2” at its times alone', target, name) : trans.__('Run “%1” Now', name)
        }
        isOff={!canRun || target !== ''}
        onClick={() => actions.trigger(entry)}
      />
      {entry.standing === 'active' ? (
        <Action
          icon={pauseIcon}
          label={trans.__('Pause “%1”', name)}
          isOff={!canRun}
          onClick={() => actions.pause(entry)}
        />
      ) : (
        <Action
          icon={resumeIcon}
          label={trans.__('Resume “%1”', name)}
          isOff={!canRun || entry.standing !== 'paused'}
          onClick={() => actions.resume(entry)}
        />
      )}
      <Action
        icon={editIcon}
        label={kept || trans.__('Edit “%1”', name)}
        isOff={!canRun || kept !== ''}
        onClick={() => actions.edit(entry)}
      />
      <Action
        icon={deleteIcon}
        label={trans.__('Delete “%1”', name)}
        isOff={isBusy}
        onClick={() => actions.remove(entry)}
      />
    </div>
  );
}

function Action(props: { icon: LabIcon; label: string; isOff: boolean; onClick: () => void }): ReactElement {
  const { icon, label, isOff, onClick } = props;
  return (
    <button
      className="jp-Button jp-mod-minimal"
      title={label}
      aria-label={label}
      disabled={isOff}
      onClick={onClick}
    >
      <icon.react tag="span" stylesheet="toolbarButton" />
    </button>
  );
}
