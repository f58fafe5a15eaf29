using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using NUnit.Framework;
using UnityEngine;

namespace Sentio.Tests
{
    /// <summary>Lifecycle of components with frames, scenes, pauses and stops; needs the stage's engine.</summary>
    [TestFixture]
    public class LifeTests
    {
        private Rig _rig;
        private SentioConnection _nowhere;

        [SetUp]
        public void Begin()
        {
            Stage.Reset();
            _rig = new Rig();
            _nowhere = ScriptableObject.CreateInstance<SentioConnection>();
            _nowhere.StatePort = Free();
            _nowhere.ControlPort = Free();
        }

        [TearDown]
        public void End() { Stage.Reset(); }

        private static int Free()
        {
            var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            int port = ((IPEndPoint)listener.LocalEndpoint).Port;
            listener.Stop();
            return port;
        }

        private SentioClient Client(bool keep = false)
        {
            return _rig.Make<SentioClient>(one =>
            {
                one.Connection = _nowhere;
                one.KeepAcrossScenes = keep;
            });
        }

        [Test]
        public void AClientRunsOnlyWhileItIsEnabled()
        {
            SentioClient client = Client();
            Assert.IsTrue(client.IsRunning);
            client.enabled = false;
            Assert.IsFalse(client.IsRunning);
            Assert.AreEqual(LinkState.Off, client.Link);
            client.enabled = true;
            Assert.IsTrue(client.IsRunning);
            Object.Destroy(client.gameObject);
            Assert.IsFalse(client.IsRunning);
            Assert.AreEqual("closed", client.Request("time", null).Error.Code);
        }

        [Test]
        public void AHandlerMayStopTheClient()
        {
            SentioClient client = Client();
            client.LinkStateChanged += (state, reason) => { if (state == LinkState.Connecting) client.Stop(); };
            for (int frame = 0; frame < 200 && client.IsRunning; frame++)
            {
                Stage.Frame(0.02f);
                System.Threading.Thread.Sleep(5);
            }
            Assert.IsFalse(client.IsRunning);
            Assert.AreEqual(LinkState.Off, client.Link);
        }

        [Test]
        public void AKeptClientIsUniqueAndSurvivesAStop()
        {
            SentioClient first = Client(true);
            SentioClient second = Client(true);
            Assert.IsFalse(second, "the next scene's own is too many");
            Assert.IsTrue(first.IsRunning);
            // Play mode stops, and starts again in the same domain.
            Stage.Reset();
            Assert.IsFalse(first.IsRunning);
            SentioClient third = Client(true);
            Assert.IsTrue(third);
            Assert.IsTrue(third.IsRunning);
        }

        [Test]
        public void AResumedHeadsetReconnects()
        {
            SentioClient client = Client();
            var raised = new List<LinkState>();
            client.LinkStateChanged += (state, reason) => raised.Add(state);
            Stage.Call(client, "OnApplicationPause", true);
            Stage.Call(client, "OnApplicationPause", false);
            CollectionAssert.DoesNotContain(raised, LinkState.Off, "a pause at cold start is ignored");
            Stage.Frame(0.02f);
            Stage.Call(client, "OnApplicationPause", true);
            Stage.Call(client, "OnApplicationPause", false);
            CollectionAssert.Contains(raised, LinkState.Off);
            Assert.IsTrue(client.IsRunning);
            Stage.Frame(0.02f);
            client.Stop();
            Stage.Call(client, "OnApplicationPause", true);
            Stage.Call(client, "OnApplicationPause", false);
            Assert.IsFalse(client.IsRunning, "what was stopped by hand stays so");
        }

        [Test]
        public void AMissingFeedIsFoundAndFoundAgain()
        {
            SentioBinding binding = _rig.Make<SentioBinding>(one => one.Smoothing = one.DeadBand = 0);
            Stage.Run(1);
            HandFeed feed = _rig.Make<HandFeed>();
            feed.Give(AffectEntry.Arousal, 1, 0.9f);
            Stage.Run(4);
            Assert.AreEqual(1, binding.Value, 1e-3);
            Object.Destroy(feed.gameObject);
            HandFeed next = _rig.Make<HandFeed>();
            next.Give(AffectEntry.Arousal, -1, 0.9f);
            Stage.Run(4);
            Assert.AreEqual(0, binding.Value, 1e-3);
        }

        [Test]
        public void AParentsFeedTakesPrecedence()
        {
            HandFeed other = _rig.Make<HandFeed>();
            HandFeed above = _rig.Make<HandFeed>();
            SentioBinding binding = _rig.Make<SentioBinding>(one =>
            {
                one.Smoothing = one.DeadBand = 0;
                one.transform.SetParent(above.transform);
            });
            other.Give(AffectEntry.Arousal, -1, 0.9f);
            above.Give(AffectEntry.Arousal, 1, 0.9f);
            Stage.Run(4);
            Assert.AreEqual(1, binding.Value, 1e-3);
        }

        [Test]
        public void ALauncherWithoutAProgramReportsAFix()
        {
            SentioClient client = Client();
            SentioLauncher launcher = _rig.Make<SentioLauncher>(one =>
            {
                one.Client = client;
                one.Command = "no-such-program-of-ours";
            });
            Assert.AreEqual(LaunchState.Looking, launcher.State);
            Stage.Run(1.1f);
            Assert.AreEqual(LaunchState.Failed, launcher.State);
            StringAssert.Contains("pip install sentio-affect", launcher.Reason);
            StringAssert.Contains("no-such-program-of-ours", launcher.Reason);
            Assert.AreEqual(-1, launcher.ProcessId);
        }

        [Test]
        public void ALauncherReportsTheOutputOfAnEndedProgram()
        {
            SentioClient client = Client();
            SentioLauncher launcher = _rig.Make<SentioLauncher>(one =>
            {
                one.Client = client;
                one.Command = "ls";
            });
            Stage.Run(1.1f);
            for (int frame = 0; frame < 2000 && launcher.State == LaunchState.Starting; frame++)
            {
                Stage.Frame(0.001f);
                System.Threading.Thread.Sleep(5);
            }
            Assert.AreEqual(LaunchState.Failed, launcher.State);
            StringAssert.StartsWith("the sidecar did not start: ", launcher.Reason);
            StringAssert.Contains("--quiet", launcher.Reason);
        }

        [Test]
        public void PanelsAreDrawnWithAndWithoutAState()
        {
            SentioHud hud = _rig.Make<SentioHud>();
            SentioConsent consent = _rig.Make<SentioConsent>();
            SentioCalibration calibration = _rig.Make<SentioCalibration>();
            calibration.Open();
            Draw(hud, consent, calibration);
            _rig.Make<SentioSimulator>();
            Client();
            Draw(hud, consent, calibration);
            Assert.AreEqual("live", hud.Text.Link);
            Assert.IsTrue(consent.IsOpen);
            Assert.IsTrue(hud.useGUILayout);
            hud.ToggleVisible();
            consent.Close();
            calibration.Close();
            Draw(hud, consent, calibration);
            Assert.IsFalse(hud.useGUILayout, "what is hidden costs no layout");
            Assert.IsFalse(consent.useGUILayout);
            CollectionAssert.IsEmpty(Debug.Lines);
        }

        [Test]
        public void ReleaseBuildsShowNoNumbers()
        {
            Application.isEditor = false;
            Debug.isDebugBuild = false;
            _rig.Make<SentioSimulator>();
            SentioHud hud = _rig.Make<SentioHud>();
            Stage.Run(1);
            Assert.IsFalse(hud.useGUILayout);
            Assert.AreEqual("off", hud.Text.Link, "nothing is read");
            hud.DevelopmentOnly = false;
            Stage.Run(1);
            Assert.AreEqual("live", hud.Text.Link);
        }

        [Test]
        public void OneKeyWithdrawsAllConsent()
        {
            SentioWithdrawKey key = _rig.Make<SentioWithdrawKey>();
            SentioConsent consent = _rig.Make<SentioConsent>();
            consent.Close();
            var errors = new List<string>();
            var changed = new List<string>();
            key.Withdrawn += error => errors.Add(error == null ? "" : error.Code);
            consent.Changed += (sensor, purposes, error) => changed.Add(sensor);
            Press(KeyCode.F8, key, consent);
            CollectionAssert.IsEmpty(errors);
            Press(KeyCode.F9, key, consent);
            CollectionAssert.AreEqual(new[] { "closed" }, errors, "there is no client");
            Assert.AreNotEqual("", consent.Problem, "the closed dialog has the same key");
            Client().Stop();
            Stage.Run(1);
            Time.timeScale = 0;
            Press(KeyCode.F9, key, consent);
            Time.timeScale = 1;
            Assert.AreEqual(2, errors.Count, "also while the game is paused");
            CollectionAssert.AreEqual(consent.Sensors, changed);
            key.Key = consent.WithdrawKey = KeyCode.None;
            Press(KeyCode.F9, key, consent);
            Press(KeyCode.None, key, consent);
            Assert.AreEqual(2, errors.Count, "it can be switched off");
            Assert.AreEqual(consent.Sensors.Length, changed.Count);
        }

        private static void Press(KeyCode pressed, params MonoBehaviour[] nodes)
        {
            Event before = Event.current;
            Event.current = new Event { type = EventType.KeyDown, keyCode = pressed };
            foreach (MonoBehaviour node in nodes) Stage.Call(node, "OnGUI");
            Event.current = before;
        }

        private static void Draw(params MonoBehaviour[] panels)
        {
            Stage.Run(1);
            foreach (MonoBehaviour panel in panels) Stage.Call(panel, "OnGUI");
        }

        [Test]
        public void ARecorderWithoutAClientReportsIt()
        {
            SentioRecorder recorder = _rig.Make<SentioRecorder>();
            recorder.Begin();
            Assert.AreEqual("no client is chosen", recorder.Reason);
            recorder.Client = Client();
            recorder.Where = RecordWhere.FrameFile;
            recorder.Path = "/no/such/folder/x.frames";
            recorder.Begin();
            Assert.IsFalse(recorder.Active);
            StringAssert.StartsWith("cannot record to /no/such/folder/x.frames", recorder.Reason);
        }
    }
}
