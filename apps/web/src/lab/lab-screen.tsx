import { useEffect, useState } from "preact/hooks";
import type { PageProps } from "../app.tsx";
import { TrackAudio } from "../call/track-audio.tsx";
import { TrackVideo } from "../call/track-video.tsx";
import { hrefFor } from "../state/page-params.ts";
import { toUser } from "../state/user-name.ts";
import { Wordmark } from "../ui/wordmark.tsx";
import "./lab.css";
import { createLabDesk, type LabDesk } from "./lab-desk.ts";
import { LabFacts } from "./lab-facts.tsx";
import { LabLog } from "./lab-log-view.tsx";
import { LabStepList } from "./lab-step-list.tsx";
import { labTexts } from "./lab-texts.ts";

/** The manual test page: two tabs, every step of a call by hand, every signal in sight. DESIGN 7, row 15. */
export function LabScreen({ open, params, serverUrl }: PageProps) {
  const { as: name, with: other } = params;
  if (name === undefined || other === undefined) return <TwoNames server={params.server} />;
  return (
    <Lab
      key={`${name} ${other} ${serverUrl}`}
      open={open}
      params={params}
      serverUrl={serverUrl}
      name={name}
      other={other}
    />
  );
}

function Lab({
  open,
  params,
  serverUrl,
  name,
  other,
}: PageProps & { readonly name: string; readonly other: string }) {
  const [desk] = useState(() => createLabDesk({ open, name, other, serverUrl, now: Date.now }));
  useEffect(() => () => desk.close(), [desk]);
  useEffect(() => {
    document.title = `${name} · ${labTexts.title}`;
  }, [name]);
  const title = labTexts.export(toUser(name), toUser(other), serverUrl);
  return (
    <div class="lab">
      <header class="lab-header">
        <Wordmark />
        <h1>{labTexts.title}</h1>
        <p class="quiet lab-lead">{labTexts.lead}</p>
        <a
          class="button"
          href={hrefFor("/lab", { ...params, as: other, with: name })}
          target="_blank"
          rel="noreferrer"
          data-testid="lab-other-tab"
        >
          {labTexts.otherTab}
        </a>
      </header>
      <main class="lab-main">
        <div class="lab-left">
          <LabStepList desk={desk} other={toUser(other)} />
        </div>
        <div class="lab-right">
          <Frames desk={desk} />
          <LabFacts desk={desk} me={toUser(name)} other={toUser(other)} />
          <LabLog desk={desk} title={title} />
        </div>
      </main>
    </div>
  );
}

function Frames({ desk }: { readonly desk: LabDesk }) {
  const details = desk.view.value?.details;
  return (
    <section class="lab-frames" aria-label={`${labTexts.local}, ${labTexts.remote}`}>
      <Frame side="local" label={labTexts.local} track={details?.localTracks.camera} isMirrored />
      <Frame side="remote" label={labTexts.remote} track={details?.remoteTracks.video} />
      <TrackAudio
        track={details?.remoteTracks.audio}
        name={desk.view.value?.call?.remote.displayName ?? ""}
      />
    </section>
  );
}

interface FrameProps {
  readonly side: "local" | "remote";
  readonly label: string;
  readonly track: MediaStreamTrack | undefined;
  readonly isMirrored?: boolean;
}

function Frame({ side, label, track, isMirrored = false }: FrameProps) {
  return (
    <figure class={`lab-frame lab-frame-${side}`}>
      <TrackVideo
        track={track}
        class={isMirrored ? "mirrored" : ""}
        testId={`lab-${side}-video`}
        label={label}
        isShown={track !== undefined}
      />
      <figcaption>{label}</figcaption>
    </figure>
  );
}

function TwoNames({ server }: { readonly server: string | undefined }) {
  const first = hrefFor("/lab", { server, as: "alice", with: "bob" });
  const second = hrefFor("/lab", { server, as: "bob", with: "alice" });
  return (
    <main class="centred-page">
      <div class="card">
        <Wordmark />
        <h1>{labTexts.title}</h1>
        <p class="quiet">{labTexts.missing}</p>
        {[first, second].map((href) => (
          <a key={href} class="button" href={href} target="_blank" rel="noreferrer">
            {href}
          </a>
        ))}
      </div>
    </main>
  );
}
