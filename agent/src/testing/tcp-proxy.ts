import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A TCP link that can be cut, or turned into a black hole which takes everything and answers nothing. */
export class TcpProxy {
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;
  isCut = false;
  isBlackHole = false;

  private constructor(port: number) {
    this.#server = createServer(near => this.#join(near, port));
  }

  static async to(port: number): Promise<TcpProxy> {
    const proxy = new TcpProxy(port);
    await new Promise<void>(resolve => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Cuts everything and refuses new connections until `heal`. */
  cut(): void {
    this.isCut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  heal(): void {
    this.isCut = false;
    this.isBlackHole = false;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    await new Promise(resolve => this.#server.close(resolve));
  }

  #join(near: Socket, port: number): void {
    if (this.isCut) {
      near.destroy();
      return;
    }
    const far = connect(port, '127.0.0.1');
    this.#pass(near, far);
    this.#pass(far, near);
  }

  #pass(from: Socket, to: Socket): void {
    this.#sockets.add(from);
    from.on('data', data => !this.isBlackHole && to.write(data));
    from.on('error', () => undefined);
    from.on('close', () => {
      this.#sockets.delete(from);
      to.destroy();
    });
  }
}
