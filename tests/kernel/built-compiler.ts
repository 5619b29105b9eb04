/** The compiler of cells as it was built: of the kernel's sources TypeScript would take those with the global names for the user's own. */
type FrontChecker = typeof import('../../kernel-extension/front/checker.js');
type ConverterModule = typeof import('../../kernel-extension/typescript/converter.js');
type Editing = typeof import('../../kernel-extension/typescript/editing.js');
type Service = typeof import('../../kernel-extension/typescript/program/service.js');
type Loading = typeof import('../../kernel-extension/typescript/load-typescript.js');

const built = <T>(name: string): Promise<T> =>
  import(new URL(`../../dist/kernel-extension/${name}.js`, import.meta.url).href) as Promise<T>;
const front = await built<FrontChecker>('front/checker');
const converter = await built<ConverterModule>('typescript/converter');
const editing = await built<Editing>('typescript/editing');
const service = await built<Service>('typescript/program/service');
const loading = await built<Loading>('typescript/load-typescript');

export const Checker: FrontChecker['Checker'] = front.Checker;
export const createConverter: ConverterModule['createConverter'] = converter.createConverter;
export const complete: Editing['complete'] = editing.complete;
export const createCellService: Service['createCellService'] = service.createCellService;
export const typescript: ReturnType<Loading['loadTypeScript']>['ts'] = loading.loadTypeScript().ts;
