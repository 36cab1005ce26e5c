/// The scripts of this page lie in it packed (gzip, in base64): Chart.js and what draws with it, a
/// third of their size, here as in the program that writes the page. Runs them one after another.
(async () => {
  try {
    for (const packed of document.querySelectorAll('script.packed')) {
      const bytes = Uint8Array.from(atob(packed.textContent), (c) => c.charCodeAt(0));
      const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
      const script = document.createElement('script');
      script.textContent = await new Response(plain).text();
      document.head.append(script);
    }
  } catch (error) {
    const trouble = document.getElementById('trouble');
    trouble.hidden = false;
    trouble.textContent = 'This browser cannot unpack the plots of this page: it needs one of 2023 ' +
        `or later (Chrome 80, Firefox 113, Safari 16.4). ${error}`;
  }
})();
