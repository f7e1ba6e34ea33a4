// Tests of the cart, two customers at a time.

import assert from 'node:assert';
import { describe, it } from 'node:test';
import { Cart, Stock } from './cart.mjs';

describe('Cart', () => {
  it('takes a piece', async () => {
    assert.equal(await new Cart(new Stock(1)).take('lamp'), true);
  });

  it('keeps count with two customers', async () => {
    const stock = new Stock(5);
    const [anne, bert] = [new Cart(stock), new Cart(stock)];
    const late = new Promise((done) => setTimeout(done, 9));
    await Promise.all([anne.take('lamp'), late.then(() => bert.take('lamp'))]);
    console.log(`cart: ${stock.count} of 5 left`);
    assert.equal(stock.count, 3, 'the stock does not match what was taken');
  });
});
