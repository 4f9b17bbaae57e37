/** The sign of the studio: two sentence vectors and the angle between them. */
export function Mark() {
  return (
    <svg className="mark" viewBox="0 0 32 32" width="24" height="24" aria-hidden>
      <path d="M7 25 12.2 5.5" stroke="var(--negative)" />
      <path d="M7 25 26.5 19.8" stroke="var(--positive)" />
      <path d="M10.1 13.4A12 12 0 0 1 18.6 21.9" stroke="currentColor" />
      <circle cx="7" cy="25" r="2.6" fill="currentColor" />
    </svg>
  );
}
