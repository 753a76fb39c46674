import { useId } from 'react';

export function Logo({ size = 26 }: { size?: number }) {
  const id = useId(); // A fixed id stops working as soon as the first copy is not displayed.
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <defs>
        <linearGradient id={id} x1="0" y1="0" x2="1" y2="1">
          <stop offset="0" stopColor="#6d7bf3" />
          <stop offset="1" stopColor="#3845b8" />
        </linearGradient>
      </defs>
      <rect width="32" height="32" rx="9" fill={`url(#${id})`} />
      <path
        d="M11 8.5v15h10.5"
        stroke="#fff"
        strokeWidth="3.2"
        fill="none"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
      <circle cx="20.6" cy="12.2" r="3" fill="#fff" />
    </svg>
  );
}
