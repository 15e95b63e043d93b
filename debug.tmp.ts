import { Host, resolveConfig } from 'usher-bots';
const seed = Number(process.argv[3]); const dialect = process.argv[2] as any;
import { play } from '/work/main/test/faults/play.ts';
import { scenarioOf } from '/work/main/test/faults/scenario.ts';
import { LiveJournal } from '/work/main/core/session/live-journal.ts';
const t0 = Date.now();
const rec = LiveJournal.prototype.record;
LiveJournal.prototype.record = function (agent: string, event: any) {
  let t = '';
  if (event.kind === 'outcome') { const {operation, ...r} = event.outcome; t = JSON.stringify({op: operation.name, id: operation.interactionId.slice(-5), text: operation.text ?? operation.typing, once: operation.once, ...r, took: event.took}); }
  else if (event.kind === 'notification') { const n = event.notification; t = n.kind === 'transcript' ? `${event.topic} ${n.interactionId.slice(-5)} ${n.lines.map((l: any) => l.index + ':' + l.type + ':' + l.from.nickname + ':' + l.text).join(' | ')}` : n.kind==='interaction' ? `${n.interactionId.slice(-5)} ${n.change} ${n.update.state} ${n.error ?? ''}` : JSON.stringify(n).slice(0,120); }
  else if (event.kind === 'operation') { rec.call(this, agent, event); return; }
  else t = JSON.stringify({...event, cause: undefined}).slice(0, 300);
  console.log(String(Date.now() - t0).padStart(6), event.kind, t);
  rec.call(this, agent, event);
};
console.log(JSON.stringify(scenarioOf(seed, dialect)));
console.log(JSON.stringify(await play(scenarioOf(seed, dialect)), null, 1));
