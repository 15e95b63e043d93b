import { useEffect, useState } from 'preact/hooks';
import type { AuditRow } from '../../wire.ts';
import { Empty } from '../parts/empty.tsx';
import { audit } from '../session.ts';
import { timeOf } from '../times.ts';

export function AuditView() {
  const [rows, setRows] = useState<readonly AuditRow[]>();
  const read = (): void => void audit().then(setRows);
  useEffect(read, []);
  return (
    <section class="panel" aria-label="Audit">
      <p class="lead">
        What was done from this page, by whom and when.{' '}
        <button type="button" onClick={read}>
          Read again
        </button>
      </p>
      {rows?.length === 0 ? (
        <Empty
          title="Nothing was done yet"
          hint="Take-overs, answers, quarantines and drains are noted here."
        />
      ) : (
        <div class="scrolls">
          <table>
            <thead>
              <tr>
                <th scope="col">When</th>
                <th scope="col">Who</th>
                <th scope="col">What</th>
                <th scope="col">On</th>
                <th scope="col">Result</th>
              </tr>
            </thead>
            <tbody>
              {rows?.map(({ at, who, action, on, result }) => (
                <tr key={`${at} ${action} ${on} ${result}`}>
                  <td>{timeOf(at)}</td>
                  <td>{who}</td>
                  <th scope="row">{action}</th>
                  <td>{on}</td>
                  <td>{result}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
