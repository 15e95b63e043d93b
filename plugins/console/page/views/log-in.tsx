import { useState } from 'preact/hooks';
import { logIn, session } from '../session.ts';

export function LogIn() {
  const [token, setToken] = useState('');
  const [who, setWho] = useState('');
  const [problem, setProblem] = useState<string>();
  if (session.value?.canLogIn !== true)
    return (
      <main class="log-in">
        <h1>Usher</h1>
        <p>
          Nobody is let in here: no token is set. Start Usher with USHER_CONSOLE_TOKEN, or open it on its
          machine.
        </p>
      </main>
    );
  return (
    <main class="log-in">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void logIn(token, who).then(setProblem);
        }}
      >
        <h1>
          <img src="./usher.svg" alt="" width="32" height="32" /> Usher
        </h1>
        <label>
          Your name
          <input
            name="who"
            autocomplete="name"
            required
            maxLength={60}
            value={who}
            onInput={({ currentTarget }) => setWho(currentTarget.value)}
          />
        </label>
        <p class="hint">It stands in the audit, and customers' chats show it to your colleagues.</p>
        <label>
          Token
          <input
            name="token"
            type="password"
            autocomplete="current-password"
            required
            value={token}
            onInput={({ currentTarget }) => setToken(currentTarget.value)}
          />
        </label>
        <p class="hint">Whoever runs this process has it: USHER_CONSOLE_TOKEN.</p>
        <button type="submit" class="main">
          Log in
        </button>
        <p class="problem" role="alert">
          {problem}
        </p>
      </form>
    </main>
  );
}
