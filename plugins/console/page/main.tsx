import { render } from 'preact';
import { App } from './app.tsx';
import { begin } from './session.ts';

const page = document.getElementById('page');
if (page !== null) render(<App />, page);
void begin();
