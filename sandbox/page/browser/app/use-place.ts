import { useEffect, useState } from 'preact/hooks';
import { type Place, readPlace, writePlace } from '../state/place.ts';

/** The place in the address, and the way to another; the browser's Back leads back. */
export function usePlace(fallback: Place): { place: Place; go: (change: Partial<Place>) => void } {
  const [place, setPlace] = useState(() => readPlace(location.hash, fallback));
  useEffect(() => {
    const read = () => setPlace(readPlace(location.hash, fallback));
    window.addEventListener('hashchange', read);
    return () => window.removeEventListener('hashchange', read);
  }, []);
  const go = (change: Partial<Place>) => {
    location.hash = writePlace({ ...readPlace(location.hash, fallback), ...change });
  };
  return { place, go };
}
