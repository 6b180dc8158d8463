/** The language of the page: the browser's at first, then what the reader chose. Texts stand in both beside each other. */
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import type { Language, Text } from '../../src/core/text.ts';

interface Spoken {
  readonly language: Language;
  readonly speak: (language: Language) => void;
  /** A text in the language of the page. */
  readonly t: (text: Text) => string;
}

const Spoken = createContext<Spoken | null>(null);
const REMEMBERED = 'huoyan-language';

function firstLanguage(): Language {
  const remembered = localStorage.getItem(REMEMBERED);
  if (remembered === 'zh' || remembered === 'en') return remembered;
  return navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

export function LanguageProvider({ children }: { readonly children: ReactNode }) {
  const [language, setLanguage] = useState(firstLanguage);
  useEffect(() => {
    // The report's style sheet shows the language of the root element, see src/report/html/bilingual.ts.
    document.documentElement.lang = language === 'zh' ? 'zh-Hans' : 'en';
    localStorage.setItem(REMEMBERED, language);
  }, [language]);
  const value = useMemo<Spoken>(
    () => ({ language, speak: setLanguage, t: (text) => text[language] }),
    [language],
  );
  return <Spoken value={value}>{children}</Spoken>;
}

export function useLanguage(): Spoken {
  const spoken = useContext(Spoken);
  if (!spoken) throw new Error('useLanguage outside of LanguageProvider');
  return spoken;
}
