// What the head of a badge's page tells those who pass its link on: a preview with a wide picture, and a frame.
import type { Urls } from "../urls.ts";
import { CARD_HEIGHT, CARD_WIDTH } from "./card-size.ts";

interface ShareHeadProps {
  /** Of the page itself. */
  readonly page: string;
  readonly title: string;
  readonly about: string;
  readonly issuer: string;
  /** Of its wide picture, and that picture in words. */
  readonly card: string;
  readonly cardWords: string;
  /** Whether this runtime draws the wide picture; otherwise its address leads to the badge's own. */
  readonly canDraw: boolean;
  readonly urls: Urls;
}

/** Open Graph, Twitter's names for the same, and where oEmbed (1.0, section 4) is asked. */
export function ShareHead(props: ShareHeadProps) {
  const { page, title, about, issuer, card, cardWords, canDraw, urls } = props;
  return (
    <>
      <link rel="canonical" href={page} />
      <link
        rel="alternate"
        type="application/json+oembed"
        href={urls.oembed(page, "json")}
        title={title}
      />
      <link rel="alternate" type="text/xml+oembed" href={urls.oembed(page, "xml")} title={title} />
      <meta property="og:type" content="website" />
      <meta property="og:site_name" content={issuer} />
      <meta property="og:title" content={title} />
      <meta property="og:description" content={about} />
      <meta property="og:url" content={page} />
      <meta property="og:image" content={card} />
      <meta property="og:image:type" content="image/png" />
      {canDraw ? (
        <>
          <meta property="og:image:width" content={String(CARD_WIDTH)} />
          <meta property="og:image:height" content={String(CARD_HEIGHT)} />
        </>
      ) : null}
      <meta property="og:image:alt" content={cardWords} />
      <meta name="twitter:card" content={canDraw ? "summary_large_image" : "summary"} />
      <meta name="twitter:title" content={title} />
      <meta name="twitter:description" content={about} />
      <meta name="twitter:image" content={card} />
    </>
  );
}
