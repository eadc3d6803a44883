// Package esconn connects a program to Elasticsearch, OpenSearch or wm-store. Its
// flags are the same in every program that has them.
package esconn

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/wmtools/wm/cmd/internal/advice"
	"github.com/wmtools/wm/lib/app"
	"github.com/wmtools/wm/lib/es"
)

// Flags returns the flags of the connection. Secrets come from files or from the
// environment: all users of a machine can see its command lines.
func Flags() []cli.Flag {
	return []cli.Flag{
		&cli.StringSliceFlag{Name: "es", Usage: "server `URL`", DefaultText: es.DefaultURL},
		&cli.StringFlag{Name: "user", Usage: "`NAME` of the user", Hidden: true},
		&cli.StringFlag{Name: "password-file", Usage: "read the user's password from `FILE`", Hidden: true},
		&cli.StringFlag{Name: "api-key-file", Usage: "read the API key from `FILE`", Hidden: true},
		&cli.StringFlag{Name: "ca", Usage: "also trust the certificates in `FILE`", Hidden: true},
		&cli.StringFlag{Name: "fingerprint", Usage: "trust only the certificate with this `SHA256`", Hidden: true},
		&cli.StringFlag{Name: "cloud-id", Usage: "`ID` of an Elastic Cloud deployment", Hidden: true},
		&cli.BoolFlag{Name: "insecure-tls", Usage: "trust any server", Hidden: true},
	}
}

// Connect returns the client that the flags describe. silence is how long the
// server may not respond; 0 is es.DefaultSilence.
func Connect(c *cli.Context, silence time.Duration) (*es.Client, error) {
	o, err := options(c)
	if err != nil {
		return nil, err
	}
	if o.InsecureTLS {
		fmt.Fprintf(app.Stderr, "%s: --insecure-tls: anyone between here and the server can read and change the data\n", c.App.Name)
	}
	o.Silence = silence
	client, err := es.New(o)
	return client, advice.Elasticsearch(err)
}

// options reads the flags and the variables that hold secrets.
func options(c *cli.Context) (o es.Options, err error) {
	o = es.Options{
		CloudID: c.String("cloud-id"), User: c.String("user"),
		Fingerprint: c.String("fingerprint"), InsecureTLS: c.Bool("insecure-tls"),
	}
	for _, list := range c.StringSlice("es") {
		o.URLs = append(o.URLs, addresses(list)...)
	}
	switch {
	case o.CloudID != "" && len(o.URLs) > 0:
		return o, app.Usage("--es and --cloud-id name two servers: use only one")
	case o.CloudID == "" && len(o.URLs) == 0:
		o.URLs = []string{es.DefaultURL}
	}
	if o.Password, err = secret(c.String("password-file"), "WM_ES_PASSWORD"); err != nil {
		return o, err
	}
	if o.APIKey, err = secret(c.String("api-key-file"), "WM_ES_API_KEY"); err != nil {
		return o, err
	}
	switch {
	case o.User != "" && o.APIKey == "" && o.Password == "":
		return o, app.Usage("user %s has no password: set WM_ES_PASSWORD or use --password-file", o.User)
	case o.User == "" && c.IsSet("password-file") && !userInAddress(o.URLs):
		return o, app.Usage("--password-file needs a user: set --user")
	}
	if name := c.String("ca"); name != "" {
		o.CA, err = os.ReadFile(name)
	}
	return o, err
}

// addresses splits a list at commas. A password may contain commas too: only one
// before the next address separates.
func addresses(list string) []string {
	for _, scheme := range []string{"http://", "https://"} {
		list = strings.ReplaceAll(list, ","+scheme, "\n"+scheme)
	}
	return strings.Split(list, "\n")
}

// userInAddress reports whether an address names a user, as in
// http://user@127.0.0.1:9200.
func userInAddress(addresses []string) bool {
	return slices.ContainsFunc(addresses, func(a string) bool { return strings.Contains(a, "@") })
}

// secret returns the contents of a file, or of a variable if no file is named.
func secret(file, variable string) (string, error) {
	if file == "" {
		return os.Getenv(variable), nil
	}
	text, err := os.ReadFile(file)
	found := strings.TrimRight(string(text), "\r\n")
	if err == nil && found == "" {
		err = app.Usage("%s is empty: it must contain the secret and nothing else", file)
	}
	return found, err
}
