/** What stands for the class of an instance, found once per class and walk. */
import { classIdentity } from '../internal/class-identity.js';
import { registeredClassOf } from '../internal/class-registry.js';
import { byName, type ClassCode, type CodeInWalk } from './code.js';
import { Refusal } from './refusal.js';

/** The method by which a class says what its instances are told apart by. */
export const ownDigest: symbol = Symbol.for('fleche.digest');

/** A class as it counts in a digest. */
export interface ClassInWalk {
  readonly name: string;
  /** Whether its instances have fields that only the inspector shows. */
  readonly hasPrivateFields: boolean;
  /** What its instances say of themselves. */
  readonly toData: ((instance: object) => unknown) | undefined;
  /** Its code; only looked at where it counts. */
  code(): ClassCode;
}

const noCode = (): ClassCode => byName;

/** The classes of one walk. */
export class ClassTable {
  readonly #codes: CodeInWalk;
  readonly #classes = new Map<object, ClassInWalk>();
  #last: object | undefined;
  #lastClass: ClassInWalk | undefined;

  constructor(codes: CodeInWalk) {
    this.#codes = codes;
  }

  clear(): void {
    this.#last = undefined;
    this.#lastClass = undefined;
    if (this.#classes.size > 0) this.#classes.clear();
  }

  /**
   * The class whose instances have `prototype`.
   *
   * @throws Refusal if its instances have no digest.
   */
  of(prototype: object): ClassInWalk {
    if (prototype === this.#last) return this.#lastClass as ClassInWalk;
    let found = this.#classes.get(prototype);
    if (found === undefined) {
      this.#codes.noteInstance?.(prototype);
      found = this.#describe(prototype);
      this.#classes.set(prototype, found);
    }
    this.#last = prototype;
    this.#lastClass = found;
    return found;
  }

  #describe(prototype: object): ClassInWalk {
    const registered = registeredClassOf(prototype);
    const ownMethod = (prototype as { readonly [ownDigest]?: unknown })[ownDigest];
    const toData =
      typeof ownMethod === 'function'
        ? (instance: object): unknown => (ownMethod as (this: object) => unknown).call(instance)
        : registered?.toData;
    if (toData !== undefined) {
      const name = registered?.name ?? (prototype.constructor as { readonly name?: string } | undefined)?.name ?? '';
      return { name, hasPrivateFields: false, toData, code: noCode };
    }
    const { refusal, name: ownName } = classIdentity(prototype);
    if (refusal !== undefined && refusal.nameBesidesPrivateFields === undefined) {
      throw new Refusal(refusal.what, refusal.hint);
    }
    const name = registered?.name ?? ownName ?? refusal?.nameBesidesPrivateFields ?? '';
    const isByName = registered !== undefined || this.#codes.noteInstance !== undefined;
    let code: ClassCode | undefined;
    return {
      name,
      hasPrivateFields: refusal !== undefined,
      toData,
      code: isByName
        ? noCode
        : () => {
            code ??= this.#codes.ofClass(prototype);
            return code;
          },
    };
  }
}
