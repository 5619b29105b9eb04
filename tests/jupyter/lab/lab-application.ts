/** What the tests use of JupyterLab's own objects, which live in the page. */

/** An output as it is saved. */
export interface LabOutput {
  readonly output_type: string;
  readonly name?: string;
  readonly text?: string | readonly string[];
  readonly data?: Readonly<Record<string, unknown>>;
  readonly ename?: string;
  readonly evalue?: string;
  readonly traceback?: readonly string[];
}

/** A cell of a notebook that is open. */
interface LabCell {
  readonly model: {
    readonly type: 'code' | 'markdown' | 'raw';
    readonly executionState: string;
    readonly sharedModel: { getSource(): string };
    readonly executionCount: number | null;
    readonly outputs: { toJSON(): LabOutput[] };
  };
}

/** A notebook that is open. */
interface LabNotebook {
  readonly content: { activeCellIndex: number; readonly widgets: readonly LabCell[] };
  readonly context: { readonly isReady: boolean; readonly ready: Promise<void>; save(): Promise<void> };
  readonly sessionContext: {
    readonly ready: Promise<void>;
    readonly isRestarting: boolean;
    readonly session: { readonly kernel: { readonly connectionStatus: string; readonly status: string } | null } | null;
    restartKernel(): Promise<void>;
  };
}

/** The application, `window.jupyterapp`. */
export interface LabApplication {
  readonly restored: Promise<void>;
  readonly shell: { readonly currentWidget: LabNotebook | null };
  readonly commands: { execute(command: string, options?: object): Promise<unknown> };
}

declare global {
  var jupyterapp: LabApplication;
}
