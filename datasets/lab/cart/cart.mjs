// A shopping cart whose stock lives behind a slow connection.

export class Stock {
  constructor(count) {
    this.count = count;
  }

  async read() {
    await pause();
    return this.count;
  }

  async write(count) {
    await pause();
    this.count = count;
  }
}

function pause() {
  return new Promise((done) => setTimeout(done, Math.random() * 6));
}

export class Cart {
  constructor(stock) {
    this.stock = stock;
    this.items = [];
  }

  // Takes one piece from the stock; false where none is left.
  async take(name) {
    const left = await this.stock.read();
    if (left === 0) return false;
    await this.stock.write(left - 1);
    this.items.push(name);
    return true;
  }
}
