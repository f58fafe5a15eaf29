using System;
using System.Collections.Generic;
using System.IO;
using NUnit.Framework;
using UnityEngine;

namespace Sentio.Tests
{
    /// <summary>Tests of feeds without a sidecar, markers and overlay text.</summary>
    [TestFixture]
    public class FeedTests
    {
        private Rig _rig;

        [SetUp]
        public void Begin() { _rig = new Rig(); }

        [TearDown]
        public void End() { _rig.Dispose(); }

        private static void Run(SentioSimulator simulator, float seconds)
        {
            for (int frame = 0; frame < seconds * 60; frame++) simulator.Advance(1f / 60);
        }

        [Test]
        public void ASimulatedPersonSendsWhatASidecarSends()
        {
            SentioSimulator simulator = _rig.Make<SentioSimulator>(one => one.Realism = SimulatedRealism.Ideal);
            int frames = 0, details = 0;
            simulator.Frame += frame => frames++;
            simulator.Detail += detail => details++;
            Run(simulator, 4);
            Assert.AreEqual(120, frames, 2);
            Assert.AreEqual(16, details, 1);
            Assert.AreEqual(LinkState.Live, simulator.Link);
            Assert.AreEqual("simulated", simulator.Latest.Subject);
            float sum = 0;
            for (int i = 0; i < 8; i++) sum += simulator.Latest.Value(AffectEntry.PNeutral + i);
            Assert.AreEqual(1, sum, 1e-4);
            Assert.AreEqual("ok", Maps.Text(simulator.LatestDetail, "state"));
            Assert.AreEqual(8, Maps.Child(simulator.LatestDetail, "modalities").Count);
            Assert.IsFalse(simulator.Latest.Has(AffectEntry.EegWeight), "a sensor without quality says nothing");
        }

        [Test]
        public void MarkersHaveAnEffect()
        {
            SentioSimulator simulator = _rig.Make<SentioSimulator>(one =>
            {
                one.Noise = 0;
                one.Realism = SimulatedRealism.Ideal;
            });
            SentioEvent received = null;
            simulator.Event += raised => received = raised;
            Run(simulator, 3);
            float before = simulator.Latest.Value(AffectEntry.Arousal);
            Assert.IsTrue(simulator.Mark("boss_spawned", null));
            Run(simulator, 0.1f);
            Assert.AreEqual(before + 0.55f, simulator.Latest.Value(AffectEntry.Arousal), 0.05);
            Run(simulator, 5);
            Assert.AreEqual(before + 0.27f, simulator.Latest.Value(AffectEntry.Arousal), 0.05);
            Assert.AreEqual("boss_spawned", received.Name);
        }

        [Test]
        public void SlidersAndScenariosDriveThePerson()
        {
            SentioSimulator simulator = _rig.Make<SentioSimulator>(one =>
            {
                one.Noise = 0;
                one.Realism = SimulatedRealism.Ideal;
            });
            simulator.Scenario = SimulatedScenario.Stress;
            Run(simulator, 32);
            Assert.Greater(simulator.Latest.Value(AffectEntry.Stress), 0.8f);
            simulator.Scenario = SimulatedScenario.Sliders;
            simulator.Sliders.Stress = 0.1f;
            Run(simulator, 30);
            Assert.AreEqual(0.1f, simulator.Latest.Value(AffectEntry.Stress), 0.02);
        }

        [Test]
        public void SensorsAreLikeRealOnesUnlessIdeal()
        {
            SentioSimulator simulator = _rig.Make<SentioSimulator>(one => one.Scenario = SimulatedScenario.Stress);
            var trusts = new List<float>();
            float low = 1, high = 0;
            int faces = 0, changes = 0;
            simulator.Change += change => changes++;
            for (int frame = 0; frame < 60 * 120; frame++)
            {
                simulator.Advance(1f / 60);
                trusts.Add(simulator.Latest.EffectiveConfidence(AffectEntry.ArousalLevel));
                if (simulator.Latest.Value(AffectEntry.FaceQuality, 0f) > 0.85f) faces++;
                low = System.Math.Min(low, simulator.Latest.Value(AffectEntry.ArousalLevel, 1f));
                high = System.Math.Max(high, simulator.Latest.Value(AffectEntry.ArousalLevel, 0f));
            }
            trusts.Sort();
            Assert.AreEqual(0.5f, trusts[trusts.Count / 2], 0.3, "confidence of arousal");
            Assert.IsTrue(faces > 0.7 * trusts.Count && faces < trusts.Count, "the player looks away sometimes: " + faces);
            Assert.Greater(changes, 0);
            Assert.Less(low, 0.35f);
            Assert.Greater(high, 0.85f);
        }

        [Test]
        public void BodyAloneIsKnownByLess()
        {
            SentioSimulator simulator = _rig.Make<SentioSimulator>();
            simulator.Sliders.FaceQuality = simulator.Sliders.VoiceQuality = 0;
            Run(simulator, 3);
            AffectFrame frame = simulator.Latest;
            Assert.IsFalse(frame.Has(AffectEntry.ValenceLevel));
            Assert.AreEqual(0.35f, frame.EffectiveConfidence(AffectEntry.ArousalLevel), 0.1);
            Assert.AreEqual(0.2f, frame.EffectiveConfidence(AffectEntry.StressLevel), 0.08);
            Assert.Greater(frame.EffectiveConfidence(AffectEntry.HeartRate), 0.5f);
        }

        [Test]
        public void MarkersAreAnsweredTwice()
        {
            SentioSimulator simulator = _rig.Make<SentioSimulator>();
            var received = new List<SentioResponse>();
            simulator.Response += received.Add;
            Run(simulator, 1);
            simulator.Mark("boss_spawned", null);
            Run(simulator, 2);
            Assert.AreEqual(1, received.Count, "within two seconds");
            Assert.AreEqual(ResponsePhase.First, received[0].Phase);
            Run(simulator, 8);
            Assert.AreEqual(2, received.Count, "at nine seconds");
            Assert.AreEqual(ResponsePhase.Refined, received[1].Phase);
            Assert.AreEqual("boss_spawned", received[1].Marker);
            Assert.AreEqual("startle", received[1].Pattern);
            Assert.Greater(received[1].Effect("arousal"), 1);
            Assert.IsTrue(double.IsNaN(received[1].Effect("nothing")));
        }

        [Test]
        public void StrongMarkerStartlesWithinTwoSeconds()
        {
            SentioSimulator simulator = _rig.Make<SentioSimulator>();
            var shown = new List<SentioExpressionEvent>();
            simulator.Expression += shown.Add;
            Run(simulator, 1);
            simulator.Mark("boss_spawned", null);
            Run(simulator, 2);
            Assert.AreEqual(1, shown.Count);
            Assert.AreEqual("startle", shown[0].Expression);
            Assert.Greater(shown[0].Probability, 0.5);
            Assert.IsTrue(shown[0].Since > 0 && shown[0].Since < 2, "since: " + shown[0].Since);
            CollectionAssert.Contains(shown[0].Sources, "face");
        }

        [Test]
        public void ChangesAreReportedOnce()
        {
            SentioSimulator simulator = _rig.Make<SentioSimulator>(one => one.Realism = SimulatedRealism.Ideal);
            simulator.Scenario = SimulatedScenario.Stress;
            var received = new List<SentioChange>();
            simulator.Change += received.Add;
            Run(simulator, 30);
            int rises = received.FindAll(one => one.Dimension == "arousal" && one.Up).Count;
            Assert.IsTrue(rises >= 1 && rises <= 3, "arousal rose: " + rises);
            Assert.IsTrue(received.TrueForAll(one => one.Since > 0 && one.Probability > 0.5));
            simulator.Scenario = SimulatedScenario.Sliders;
            Run(simulator, 60);
            received.Clear();
            Run(simulator, 300);
            Assert.LessOrEqual(received.Count, 1, "at rest");
        }

        private static SentioEvent Received(string kind, string name, Dictionary<string, object> data)
        {
            var body = new Dictionary<string, object> { { "data", data } };
            return new SentioEvent { Kind = kind, Name = name, Time = 12, Body = body };
        }

        [Test]
        public void ExpressionsAndFrustrationAreTyped()
        {
            var data = new Dictionary<string, object> { { "strength", 0.9 }, { "found", 12.5 }, { "probability", 0.9 } };
            SentioExpressionEvent laugh = SentioExpressionEvent.FromEvent(Received("expression", "laughter", data));
            Assert.AreEqual("laughter", laugh.Expression);
            Assert.AreEqual(0.5, laugh.Since, 1e-9);
            Assert.AreEqual(0.9, laugh.Probability);
            data.Remove("probability");
            Assert.IsTrue(double.IsNaN(SentioExpressionEvent.FromEvent(Received("expression", "yawn", data)).Probability));
            Assert.IsNull(SentioExpressionEvent.FromEvent(Received("change", "arousal", data)));
            data["sources"] = new object[] { "face", "heart" };
            SentioExpressionEvent startle = SentioExpressionEvent.FromEvent(Received("expression", "startle", data));
            CollectionAssert.AreEqual(new[] { "face", "heart" }, startle.Sources);
            Assert.AreEqual(0, laugh.Sources.Count);
            data = new Dictionary<string, object> { { "level", 0.6 }, { "target", "game" } };
            SentioFrustration lasting = SentioFrustration.FromEvent(Received("frustration", "began", data));
            Assert.IsTrue(lasting.Began);
            Assert.AreEqual(0.6, lasting.Level);
            Assert.AreEqual("game", lasting.Target);
            Assert.IsNull(SentioFrustration.FromEvent(Received("expression", "yawn", data)));
        }

        [Test]
        public void UnknownIsNeverZero()
        {
            SentioSimulator simulator = _rig.Make<SentioSimulator>(one => one.Unknown = new[] { AffectEntry.Valence });
            Run(simulator, 0.1f);
            Assert.IsTrue(float.IsNaN(simulator.FreshValue(AffectEntry.Valence)));
            simulator.State = AffectState.Withdrawn;
            Run(simulator, 0.1f);
            Assert.IsTrue(float.IsNaN(simulator.FreshValue(AffectEntry.Arousal)));
            Assert.AreEqual(AffectState.Withdrawn, simulator.Latest.State);
        }

        [Test]
        public void TheSameSeedGivesTheSamePerson()
        {
            SentioSimulator one = _rig.Make<SentioSimulator>(made => made.RandomSeed = 5);
            SentioSimulator two = _rig.Make<SentioSimulator>(made => made.RandomSeed = 5);
            SentioSimulator other = _rig.Make<SentioSimulator>(made => made.RandomSeed = 6);
            Run(one, 3);
            Run(two, 3);
            Run(other, 3);
            Assert.AreEqual(one.Latest.Value(AffectEntry.Valence), two.Latest.Value(AffectEntry.Valence));
            Assert.AreNotEqual(one.Latest.Value(AffectEntry.Valence), other.Latest.Value(AffectEntry.Valence));
        }

        [Test]
        public void MarkersKeepTheirInterval()
        {
            HandFeed feed = _rig.Make<HandFeed>();
            SentioMarker marker = _rig.Make<SentioMarker>(one =>
            {
                one.Feed = feed;
                one.Marker = "wave";
                one.MinInterval = 60;
                one.Data = new Dictionary<string, object> { { "level", 3L } };
            });
            bool raised = false;
            marker.Sent += taken => raised = taken;
            Assert.IsTrue(marker.TrySend());
            Assert.IsTrue(raised);
            Assert.AreEqual(3L, feed.MarkedWith["level"]);
            Assert.IsFalse(marker.TrySend(), "too soon");
            Assert.IsFalse(raised);
            marker.MinInterval = 0;
            feed.Takes = false;
            Assert.IsFalse(marker.TrySend(), "not sent");
            Assert.AreEqual(1, feed.Marked.Count);
        }

        [Test]
        public void AFileOfAnotherFormatIsRefusedWithAReason()
        {
            SentioPlayer player = _rig.Make<SentioPlayer>(one => one.Path = "no_such_file.frames");
            Assert.AreEqual(LinkState.Refused, player.Link);
            StringAssert.Contains("no_such_file", player.LinkReason);
            Assert.IsFalse(player.Play());
            string path = Path.Combine(Application.temporaryCachePath, "sentio_none.frames");
            File.WriteAllText(path, "something else");
            player.Path = path;
            Assert.IsFalse(player.Play());
            StringAssert.Contains("not a frame file", player.LinkReason);
            File.Delete(path);
        }

        [Test]
        public void AnOverlayShowsTheFeed()
        {
            var text = new HudText();
            text.Read(null);
            Assert.AreEqual("no feed", text.Reason);
            SentioSimulator simulator = _rig.Make<SentioSimulator>();
            Run(simulator, 1);
            text.Read(simulator);
            Assert.AreEqual("live", text.Link);
            StringAssert.Contains("heart", text.Body);
            StringAssert.StartsWith("simulated: ", text.Why);
            StringAssert.Contains("simulated  #", text.Times);
            Assert.AreEqual(3, text.Modalities.Count);
            StringAssert.StartsWith("face: ok, weight", text.Modalities[0]);
        }

        [Test]
        public void ItIsShownThatARecordingHasNoEstimates()
        {
            var sensors = new Dictionary<string, object> { { "camera", new object[] { "adapt" } }, { "eeg", new object[] { "adapt", "share" } } };
            var lacking = new Dictionary<string, object> { { "player", sensors } };
            var recording = new Dictionary<string, object> { { "active", true }, { "without_record", lacking } };
            Assert.AreEqual("no estimates recorded: camera, eeg without the purpose record", HudText.WithoutRecord(recording));
            Assert.AreEqual("A recording is running. Your estimates are not kept in it, because keeping them is not allowed for:"
                + " Camera, EEG headband.", ConsentWords.NotKept(recording));
            recording["active"] = false;
            var others = new[] { null, recording, new Dictionary<string, object> { { "active", true } } };
            foreach (Dictionary<string, object> other in others)
            {
                Assert.AreEqual("", HudText.WithoutRecord(other));
                Assert.AreEqual("", ConsentWords.NotKept(other));
            }
        }

        [Test]
        public void WithoutASidecarTheReasonIsShown()
        {
            SentioConsent consent = _rig.Make<SentioConsent>();
            consent.Choose("camera", "adapt");
            StringAssert.Contains("no client", consent.Problem);
            Assert.IsFalse(consent.IsGranted("camera"));
            Assert.AreEqual("Not read", consent.StateOf("camera"));
            SentioClient client = _rig.Make<SentioClient>(one => one.Autostart = false);
            consent.Client = client;
            SentioError error = null;
            consent.Changed += (sensor, purposes, raised) => error = raised;
            consent.Switch("camera", "adapt", true);
            Assert.AreEqual("closed", error.Code);
            SentioCalibration calibration = _rig.Make<SentioCalibration>(one => one.Client = client);
            string[] reasons = null;
            calibration.Refused += raised => reasons = raised;
            calibration.Begin();
            StringAssert.Contains("stopped", reasons[0]);
            Assert.AreEqual("Not this time", calibration.Headline);
        }

        [Test]
        public void ReasonsOfABaselineAreSentences()
        {
            string[] sentences = CalibrationWords.Sentences(new object[] { "body:moving", "nothing_heard", "eeg:some_new_code" });
            Assert.AreEqual("Heart and skin: there was a lot of movement.", sentences[0]);
            StringAssert.StartsWith("No sensor sent data", sentences[1]);
            Assert.AreEqual("EEG: some new code.", sentences[2]);
        }

        [Test]
        public void InvalidPortsAreReported()
        {
            SentioConnection connection = ScriptableObject.CreateInstance<SentioConnection>();
            Assert.AreEqual("", connection.Problem);
            connection.ControlPort = connection.StatePort;
            StringAssert.Contains("two different ports", connection.Problem);
            UnityEngine.Object.DestroyImmediate(connection);
        }
    }
}
