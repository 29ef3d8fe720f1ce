using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

/// <summary>Takes any token for the name of its user, except "refused".</summary>
public class TokenHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        var token = header.StartsWith("Bearer ") ? header["Bearer ".Length..] : Request.Query["access_token"].ToString();
        if (token == "") return Task.FromResult(AuthenticateResult.NoResult());
        if (token == "refused") return Task.FromResult(AuthenticateResult.Fail("refused"));
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, token)], Scheme.Name);
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme.Name)));
    }
}
