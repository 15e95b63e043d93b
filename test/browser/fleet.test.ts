import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { consoleWorld } from '../plugins/console/console-world.ts';
import { fleetWorld } from '../plugins/console/fleet-world.ts';
import { violations } from './axe.ts';
import { openPage } from './browser.ts';

const wait = { timeout: 15_000 };

describe('the fleet in the console', { timeout: 60_000 }, () => {
  it('shows the workers as they come and go, and drains one of them after having asked', async () => {
    const { url, join } = await fleetWorld();
    const page = await openPage(url);
    await page.getByRole('link', { name: 'Fleet' }).click();
    const own = page.getByRole('row', { name: /this one/ });
    await own.getByText('4 of 4').waitFor(wait);
    expect(await own.textContent()).toContain(`process ${process.pid}`);

    const worker = await join();
    const row = page.getByRole('row', { name: new RegExp(`process ${worker.pid}\\b`) });
    await row.getByText('2 of 2').waitFor(wait);
    await own.getByText('2 of 2').waitFor(wait);
    expect(await page.getByRole('definition').allTextContents()).toEqual(['4', '0', '2', '2,000']);
    expect(await violations(page)).toEqual([]);

    await row.getByRole('button', { name: /^Drain .* …$/ }).click();
    await page.getByText('Its 2 agents go to the other worker, who goes on with the chats.').waitFor(wait);
    expect(await violations(page), 'asked').toEqual([]);
    await page.getByRole('button', { name: 'Not now' }).click();
    expect(worker.exitCode).toBeNull();
    await row.getByRole('button', { name: /^Drain .* …$/ }).click();
    const left = once(worker, 'exit');
    await page.getByRole('button', { name: 'Drain', exact: true }).click();
    expect(await left).toEqual([0, null]);
    await own.getByText('4 of 4').waitFor(wait);
    await expect.poll(() => row.count()).toBe(0);
    await own.getByRole('button', { name: /^Drain .* …$/ }).click();
    await page.getByText('No other worker is there').waitFor(wait);
  });

  it('fits a telephone, in the dark too, and whoever may only look has nothing to press', async () => {
    const viewToken = 'a viewer token of some length';
    const { url } = await fleetWorld({ options: { viewToken } });
    const page = await openPage(`${url}/#/fleet`, { width: 390, height: 780, scheme: 'dark' });
    await page.getByLabel('Your name').fill('Grace');
    await page.getByLabel('Token').fill(viewToken);
    await page.keyboard.press('Enter');
    await page.getByRole('row', { name: /this one/ }).waitFor(wait);
    expect(await page.getByRole('button', { name: /^Drain/ }).count()).toBe(0);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
    expect(await violations(page)).toEqual([]);
  });

  it('has no entry where the process shares its agents with nobody', async () => {
    const { url } = await consoleWorld();
    const page = await openPage(`${url}/#/fleet`);
    await page.getByText('No fleet', { exact: true }).waitFor(wait);
    await page.getByRole('link', { name: 'Agents' }).waitFor(wait);
    expect(await page.getByRole('link', { name: 'Fleet' }).count()).toBe(0);
  });
});
