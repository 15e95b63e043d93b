import { useState } from 'preact/hooks';
import { faults } from '../live.ts';
import { act } from '../session.ts';

/** What is worth a button of its own. */
const usual: readonly (readonly [fault: string, title: string])[] = [
  ['cut', 'Drop the connection'],
  ['session402', 'Forget the CometD session (402)'],
  ['expire', 'Expire the log-in'],
  ['duplicate', 'Deliver twice'],
  ['delay', 'Deliver late'],
  ['slow', 'Slow operation'],
  ['hang', 'Operation that hangs'],
  ['http5xx', 'HTTP 503'],
];

/** Lets something go wrong between the agents and their server. */
export function Faults() {
  const [chosen, choose] = useState('drop');
  const [times, setTimes] = useState(1);
  const known = faults.value;
  const described = known.find(({ name }) => name === chosen);
  return (
    <section class="faults" aria-label="Faults">
      <h2>Let something go wrong</h2>
      <div class="fault-buttons">
        {usual
          .filter(([fault]) => known.some(({ name }) => name === fault))
          .map(([fault, title]) => (
            <button
              key={fault}
              type="button"
              title={known.find(({ name }) => name === fault)?.does}
              onClick={() => void act({ do: 'fault', fault, times: 1 })}
            >
              {title}
            </button>
          ))}
      </div>
      <form
        class="fault-form"
        onSubmit={(event) => {
          event.preventDefault();
          void act({ do: 'fault', fault: chosen, times });
        }}
      >
        <select
          aria-label="Any fault"
          value={chosen}
          onChange={({ currentTarget }) => choose(currentTarget.value)}
        >
          {known.map(({ name }) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
        <input
          type="number"
          aria-label="How often"
          min={1}
          max={100}
          value={times}
          onInput={({ currentTarget }) => setTimes(Number(currentTarget.value) || 1)}
        />
        <button type="submit">Strike</button>
      </form>
      {described !== undefined && (
        <p class="faint">
          {described.name}: {described.does}
        </p>
      )}
    </section>
  );
}
