// Before anything is painted: the language and the theme, as src/ui/preferences.ts finds them.
{
  const root = document.documentElement;
  const recall = (key) => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null; // storage may be forbidden
    }
  };
  const language = recall('language') ?? navigator.language.slice(0, 2).toLowerCase();
  const theme = recall('theme') ?? 'system';
  const dark = theme === 'dark' || (theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  root.lang = language === 'zh' ? 'zh-CN' : 'en';
  root.dataset.theme = dark ? 'dark' : 'light';
  // Another step has no welcome.
  root.toggleAttribute('data-elsewhere', !['', '#data'].includes(location.hash));
  // A script that does not come; of those that it fetches itself, src/first.ts knows.
  const fail = ({ target }) => target instanceof HTMLScriptElement && root.toggleAttribute('data-failed', true);
  addEventListener('error', fail, { capture: true });
  // Its first use takes a while: here, while the style is fetched, and not in the midst of the page's own scripts.
  Intl.DateTimeFormat.supportedLocalesOf(root.lang);
}
