using System.Collections.Generic;
using System.IO;
using NUnit.Framework;
using UnityEngine;

namespace Sentio.Tests
{
    /// <summary>Frame files: played frame by frame, and written; needs the repository's vectors.</summary>
    [TestFixture]
    public class FileTests
    {
        private Rig _rig;
        private string _path;

        [SetUp]
        public void Begin()
        {
            Stage.Reset();
            _rig = new Rig();
            _path = Vectors.PathOf("frames/short.frames");
        }

        [TearDown]
        public void End() { Stage.Reset(); }

        private SentioPlayer Player(System.Action<SentioPlayer> set = null)
        {
            return _rig.Make<SentioPlayer>(one =>
            {
                one.Path = _path;
                one.Autoplay = false;
                if (set != null) set(one);
            });
        }

        [Test]
        public void AFileIsPlayedToItsEnd()
        {
            SentioPlayer player = Player();
            int frames = 0, events = 0, ends = 0;
            player.Frame += frame => frames++;
            player.Event += raised => events++;
            player.Finished += () => ends++;
            Assert.IsTrue(player.Play());
            Assert.AreEqual(LinkState.Live, player.Link);
            Stage.Run((float)player.Duration + 1);
            Assert.Greater(frames, 1);
            Assert.Greater(events, 0);
            Assert.AreEqual(1, ends);
            Assert.AreEqual(LinkState.Silent, player.Link);
            Assert.IsFalse(player.IsPlaying);
            Assert.Greater(player.Latest.Subject.Length, 0);
            int before = frames;
            Assert.IsTrue(player.Play(), "it begins again");
            Stage.Run((float)player.Duration + 1);
            Assert.AreEqual(2 * before, frames, 2);
        }

        [Test]
        public void AStateAgesOnlyWhilePlaying()
        {
            SentioPlayer player = Player();
            player.Play();
            Stage.Run(0.3f);
            double age = player.Age;
            player.Pause();
            Stage.Run(5);
            Assert.AreEqual(age, player.Age, 1e-6);
            Assert.AreEqual(LinkState.Silent, player.Link);
        }

        [Test]
        public void ALoopContinues()
        {
            SentioPlayer player = Player(one => one.Loop = true);
            int ends = 0;
            player.Finished += () => ends++;
            player.Play();
            Stage.Run(3.2f * (float)player.Duration);
            Assert.AreEqual(3, ends);
            Assert.IsTrue(player.IsPlaying);
        }

        [Test]
        public void WhatIsSubscribedMayPlayAgainOrCloseTheFile()
        {
            SentioPlayer player = Player();
            System.Action again = () => player.Play();
            player.Finished += again;
            player.Play();
            player.Advance((float)player.Duration + 1);
            Assert.IsTrue(player.IsPlaying, "played again");
            Assert.Less(player.Position, 0.1);
            Assert.AreEqual(LinkState.Live, player.Link);
            player = Player();
            player.Play();
            int frames = 0;
            player.Frame += frame => frames++;
            player.Event += raised => player.Path = _path;
            player.Advance((float)player.Duration + 1);
            Assert.AreEqual(LinkState.Off, player.Link, "closed by an event");
            Assert.AreEqual(0, frames, "nothing of the closed file follows");
            Assert.IsNull(player.Latest);
        }

        [Test]
        public void MessagesOfOtherSubjectsAreIgnored()
        {
            SentioPlayer player = Player(one => one.Subject = "nobody");
            int frames = 0;
            player.Frame += frame => frames++;
            player.Play();
            Stage.Run((float)player.Duration + 1);
            Assert.AreEqual(0, frames);
        }

        [TestCase("", "first")]
        [TestCase("second", "second")]
        public void OfTwoPeopleOneIsFollowed(string subject, string shown)
        {
            byte[] message = System.Array.Find(FrameFile.Parse(File.ReadAllBytes(_path)).Records.ToArray(),
                record => record.Message[0] == (byte)'a').Message;
            int end = System.Array.IndexOf(message, (byte)0);
            string two = Path.Combine(Application.temporaryCachePath, "sentio_two_" + System.Guid.NewGuid() + ".frames");
            using (var writer = new FrameFileWriter(two))
                foreach (string who in new[] { "first", "second", "first", "second" })
                {
                    var whole = new List<byte>(System.Text.Encoding.UTF8.GetBytes("affect/" + who));
                    for (int i = end; i < message.Length; i++) whole.Add(message[i]);
                    writer.Write(whole.ToArray(), 0, whole.Count);
                }
            SentioPlayer player = Player(one =>
            {
                one.Path = two;
                one.Subject = subject;
            });
            var seen = new List<string>();
            player.Frame += frame => seen.Add(frame.Subject);
            player.Play();
            Stage.Run((float)player.Duration + 1);
            File.Delete(two);
            Assert.Greater(seen.Count, 0);
            Assert.IsTrue(seen.TrueForAll(who => who == shown), string.Join(" ", seen.ToArray()));
        }

        [Test]
        public void SeekingRaisesTheStateThereAndNoEvents()
        {
            SentioPlayer player = Player();
            int events = 0;
            player.Event += raised => events++;
            player.Seek((float)player.Duration);
            player.Play();
            Assert.IsFalse(player.Latest == null);
            player.Seek(1000);
            Assert.AreEqual(player.Duration, player.Position, 1e-6);
            Assert.AreEqual(0, events);
        }

        [Test]
        public void WrittenFilesAreReadBack()
        {
            FrameFile file = FrameFile.Parse(File.ReadAllBytes(_path));
            string copy = Path.Combine(Application.temporaryCachePath, "sentio_copy_" + System.Guid.NewGuid() + ".frames");
            using (var writer = new FrameFileWriter(copy))
            {
                foreach (FrameRecord record in file.Records) writer.Write(record.Message, 0, record.Message.Length);
                writer.Write(new byte[1], 0, 1);
                Assert.AreEqual(file.Records.Count, writer.Count);
            }
            FrameFile back = FrameFile.Parse(File.ReadAllBytes(copy));
            File.Delete(copy);
            Assert.AreEqual("", back.Problem);
            Assert.AreEqual(file.Records.Count, back.Records.Count);
            for (int i = 0; i < back.Records.Count; i++) Assert.AreEqual(file.Records[i].Message, back.Records[i].Message);
            Assert.AreEqual(0, back.Records[0].Time);
        }
    }
}
