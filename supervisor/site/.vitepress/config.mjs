// The site: README.md and docs as they stand in the repository, in an order for each kind of reader. A dead link ends the build.
import { copyFileSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitepress'

const site = dirname(dirname(fileURLToPath(import.meta.url)))
const repository = resolve(site, '../..')
const sources = new Set()

/** Links to files that are no pages lead to copies of them. */
function linkSources(markdown) {
  markdown.core.ruler.push('sources', state => {
    for (const token of state.tokens.flatMap(block => block.children ?? [])) {
      const href = token.type === 'link_open' ? token.attrGet('href') : undefined
      if (href && !/^[a-z]+:|^#|\.md(#|$)/.test(href)) {
        const file = relative(repository, resolve(repository, dirname(state.env.relativePath), href))
        if (!existsSync(join(repository, file))) {
          throw new Error(`${state.env.relativePath} links to ${href}, which does not exist`)
        }
        sources.add(file)
        token.attrSet('href', `/source/${file}.txt`)
        token.attrSet('target', '_self')
      }
    }
  })
}

function copySources(out) {
  for (const file of sources) {
    const from = join(repository, file)
    const to = join(out, 'source', `${file}.txt`)
    mkdirSync(dirname(to), { recursive: true })
    if (statSync(from).isDirectory()) {
      writeFileSync(to, readdirSync(from).sort().join('\n') + '\n')
    } else {
      copyFileSync(from, to)
    }
  }
}

const page = (text, name) => ({ text, link: `/docs/${name}` })

export default defineConfig({
  title: 'Supervisor',
  description: 'A socket supervisor for the JVM',
  srcDir: repository,
  srcExclude: ['supervisor/**', 'spi/**', 'demo-app/**', '**/target/**'],
  outDir: join(site, 'target/site'),
  cacheDir: join(site, 'target/cache'),
  rewrites: { 'README.md': 'index.md' },
  markdown: { config: linkSources, languageAlias: { haproxy: 'nginx', caddy: 'nginx' } },
  vite: { resolve: { alias: [{ find: /^vue(?=$|\/)/, replacement: join(site, 'node_modules/vue') }] } }, // for pages outside of the site
  buildEnd: options => copySources(options.outDir),
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    sidebar: [
      {
        text: 'First steps',
        items: [
          { text: 'What it is', link: '/' },
          page('Install', 'install'),
          page('The demo', 'demo'),
          page('Getting started', 'getting-started'),
          page('Programs as they are', 'programs'),
          page('Frameworks', 'frameworks'),
          page('Applications of the SPI', 'application'),
          page('Comparison', 'comparison'),
          page('Limits', 'limits'),
        ],
      },
      {
        text: 'In development',
        items: [
          page('Development', 'development'),
          page('Maven', 'maven'),
          page('Gradle', 'gradle'),
          page('Other languages', 'exec'),
          page('Leaks', 'leaks'),
          page('Troubleshooting', 'troubleshooting'),
        ],
      },
      {
        text: 'In production',
        items: [
          page('Operating', 'operating'),
          page('Deploying', 'deploy'),
          page('Commands', 'operate'),
          page('Checks before a swap', 'checks'),
          page('Metrics and probes', 'metrics'),
          page('Watching', 'observing'),
          page('Upgrade', 'upgrade'),
          page('TLS', 'tls'),
          page('Load test', 'load-test'),
        ],
      },
      {
        text: 'Reference',
        items: [
          page('Options', 'options'),
          page('Configuration file', 'configuration'),
          page('Connections', 'connections'),
          page('WebSockets', 'websockets'),
          page('Embedding', 'embedding'),
          page('Benchmarks', 'benchmarks'),
        ],
      },
      {
        text: 'The project',
        items: [
          { text: 'Architecture', link: '/ARCHITECTURE' },
          page('Decisions', 'decisions'),
          { text: 'Contributing', link: '/CONTRIBUTING' },
          page('Releasing', 'releasing'),
          { text: 'Changes', link: '/CHANGELOG' },
        ],
      },
    ],
  },
})
