import { useMemo, useState } from 'preact/hooks';
import { type ByteGroup, explainGroups, explainLines } from '../model/explain.js';
import { bytesOf } from '../model/frame-row.js';
import { spacedHex, vectorText } from '../model/record.js';
import type { FrameRow } from '../model/row.js';
import type { Actions } from './actions.js';

/** Explains each byte of a frame. */
export function FrameBytes({ frame, actions }: { readonly frame: FrameRow; readonly actions: Actions }) {
  const { title, session, sequence, wire, passed, direction, connection } = frame;
  const isChanged = passed !== undefined && passed !== wire;
  return (
    <section class="bytes" aria-labelledby="bytes">
      <div class="bytes-head">
        <h3 id="bytes">
          {title} {session}/{sequence}, {wire.length / 2} bytes
        </h3>
        <span class="dim">
          {direction === 'in' ? 'from' : 'to'} {connection}
        </span>
        <button type="button" onClick={() => void actions.copy(spacedHex(passed ?? wire), 'the bytes as hex')}>
          Copy hex
        </button>
        <button type="button" onClick={() => void actions.copy(vectorText(frame), 'the frame as a vector')}>
          Copy as vector
        </button>
      </div>
      {frame.notes.map(({ text, tone }) => (
        <p key={text} class={`note ${tone}`}>
          {text}
        </p>
      ))}
      {isChanged && <h4>Went over the wire: {passed.length / 2} bytes</h4>}
      <Boxes wire={passed ?? wire} original={isChanged ? wire : undefined} />
      {isChanged && (
        <>
          <h4>Sent by the {direction === 'in' ? 'host' : 'device'}</h4>
          <Boxes wire={wire} original={undefined} />
        </>
      )}
      <Lines wire={passed ?? wire} />
    </section>
  );
}

/** The bytes as boxes. @param original The bytes before a behaviour changed them: a box with another byte is marked. */
export function Boxes({ wire, original }: { readonly wire: string; readonly original: string | undefined }) {
  const groups = useMemo(() => explainGroups(bytesOf(wire)), [wire]);
  return (
    <ul class="boxes">
      {groups.map((group) => (
        <Box key={`${group.start} ${group.part}`} group={group} isOther={isOther(group, original)} />
      ))}
    </ul>
  );
}

function isOther({ start, hex }: ByteGroup, original: string | undefined): boolean {
  if (original === undefined) return false;
  const bytes = hex.replaceAll(' ', '').toLowerCase();
  return original.slice(start * 2, start * 2 + bytes.length) !== bytes;
}

function Box({ group, isOther: other }: { readonly group: ByteGroup; readonly isOther: boolean }) {
  const { part, hex, label, value, details, problems } = group;
  return (
    <li class={`box ${part}${problems.length > 0 ? ' wrong' : ''}${other ? ' other' : ''}`} title={details}>
      <code>{hex === '' ? '(no byte)' : hex}</code>
      <small>{label}</small>
      {value !== '' && <b>{value}</b>}
      {other && <em>changed</em>}
      {problems.map((problem) => (
        <em key={problem}>{problem}</em>
      ))}
    </li>
  );
}

/** Every part of the bytes, one part in a line. It is for a person who cannot point at a box, and for the codes of COBS. */
function Lines({ wire }: { readonly wire: string }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details class="lines" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Every part, one a line</summary>
      {isOpen && (
        <ol>
          {explainLines(bytesOf(wire)).map(({ start, hex, text, value, more }) => (
            <li key={`${start} ${text}`}>
              <span class="dim">{start}</span> <code>{hex}</code>{' '}
              <span>
                {text}
                {value !== '' && (
                  <>
                    : <b>{value}</b>
                  </>
                )}
                {more.map((each) => (
                  <em key={each}> {each}</em>
                ))}
              </span>
            </li>
          ))}
        </ol>
      )}
    </details>
  );
}
