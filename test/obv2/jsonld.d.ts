// The two calls of the JSON-LD processor that tests make; the package brings no types.
declare module "jsonld" {
  interface Options {
    readonly documentLoader: (url: string) => Promise<{
      contextUrl: undefined;
      documentUrl: string;
      document: unknown;
    }>;
    readonly compactArrays?: boolean;
  }
  const jsonld: {
    expand(document: object, options: Options): Promise<object[]>;
    compact(document: object, context: string, options: Options): Promise<object>;
  };
  export default jsonld;
}
