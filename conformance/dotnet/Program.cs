using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.Connections;

// The reference: ASP.NET Core's own SignalR server, with the hubs of oracle/oracle-server.ts.
var builder = WebApplication.CreateBuilder(args);
builder.Logging.ClearProviders();
builder.WebHost.UseUrls("http://127.0.0.1:0");
builder.Services.AddAuthentication("token").AddScheme<AuthenticationSchemeOptions, TokenHandler>("token", null);
builder.Services.AddAuthorizationBuilder()
    .AddPolicy("admin", policy => policy.RequireClaim(ClaimTypes.NameIdentifier, "admin"));
builder.Services.AddSignalR()
    .AddMessagePackProtocol()
    .AddHubOptions<DetailedHub>(options => options.EnableDetailedErrors = true)
    .AddHubOptions<SmallHub>(options => options.MaximumReceiveMessageSize = 1024)
    .AddHubOptions<HastyHub>(options =>
    {
        options.HandshakeTimeout = TimeSpan.FromMilliseconds(500);
        options.KeepAliveInterval = TimeSpan.FromMilliseconds(500);
        options.ClientTimeoutInterval = TimeSpan.FromMilliseconds(1000);
    });

var app = builder.Build();
app.UseAuthentication();
app.UseAuthorization();
app.MapHub<OracleHub>("/oracle", options => options.AllowStatefulReconnects = true);
app.MapHub<DetailedHub>("/detailed");
app.MapHub<SmallHub>("/small");
app.MapHub<AuthorizedHub>("/authorized");
app.MapHub<FailingHub>("/failing");
app.MapHub<FailingOpenlyHub>("/failing-openly");
app.MapHub<AbortingHub>("/aborting");
app.MapHub<HastyHub>("/hasty", options => options.LongPolling.PollTimeout = TimeSpan.FromMilliseconds(500));
app.MapHub<OracleHub>("/no-websockets", options => options.Transports = HttpTransportType.ServerSentEvents | HttpTransportType.LongPolling);
app.MapHub<OracleHub>("/only-websockets", options => options.Transports = HttpTransportType.WebSockets);
app.MapHub<OracleHub>("/version-1", options => options.MinimumProtocolVersion = 1);
app.Lifetime.ApplicationStarted.Register(() => Console.WriteLine($"Now listening on: {app.Urls.First()}"));
app.Run();
