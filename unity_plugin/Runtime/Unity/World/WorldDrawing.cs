using System.Collections.Generic;
using UnityEngine;

namespace Sentio
{
    /// <summary>Draws a panel's lines in the world with sprites and text meshes, which every render pipeline
    /// shows.</summary>
    internal sealed class WorldDrawing
    {
        private const int FontSize = 64;
        // Height of a text mesh's letters in metres at character size 1 and this font size.
        private const float LetterHeight = 0.1f * FontSize;

        private readonly Transform _root;
        private readonly Font _font;
        private readonly Sprite _square;
        private readonly SpriteRenderer _ground, _mark, _dwell;
        private readonly List<TextMesh> _texts = new List<TextMesh>();

        internal WorldDrawing(Transform root, Font font)
        {
            _root = root;
            _font = font ? font : Resources.GetBuiltinResource<Font>("LegacyRuntime.ttf");
            Texture2D white = Texture2D.whiteTexture;
            _square = Sprite.Create(white, new Rect(0, 0, white.width, white.height), new Vector2(0.5f, 0.5f), white.width);
            _ground = Square(Palette.Ground, 0);
            _mark = Square(Palette.Raised, 1);
            _dwell = Square(Palette.Teal, 2);
        }

        /// <summary>Draws text line by line; <paramref name="tops"/> are metres above the middle.</summary>
        internal void Show(IList<WorldLine> lines, IList<string> wrapped, IList<float> tops, float letter, Vector2 size, float edge)
        {
            Put(_ground, Vector2.zero, size);
            for (int i = 0; i < Mathf.Max(lines.Count, _texts.Count); i++)
            {
                if (i == _texts.Count) _texts.Add(Text(i));
                TextMesh text = _texts[i];
                text.gameObject.SetActive(i < lines.Count);
                if (i >= lines.Count) continue;
                text.text = wrapped[i];
                text.color = lines[i].Tone;
                text.characterSize = letter * lines[i].Size / LetterHeight;
                text.transform.localPosition = new Vector3(edge - size.x / 2, tops[i], -0.002f);
            }
        }

        /// <summary>Marks what is looked at or pointed at, and how far the gaze has selected it; nothing if
        /// <paramref name="height"/> is 0.</summary>
        internal void Mark(float top, float height, float width, float progress)
        {
            _mark.gameObject.SetActive(height > 0);
            _dwell.gameObject.SetActive(height > 0 && progress > 0);
            if (height <= 0) return;
            Put(_mark, new Vector2(0, top - height / 2), new Vector2(width, height));
            Put(_dwell, new Vector2(-width * (1 - progress) / 2, top - height), new Vector2(width * progress, 0.006f));
        }

        private static void Put(SpriteRenderer part, Vector2 at, Vector2 size)
        {
            part.transform.localPosition = new Vector3(at.x, at.y, 0);
            part.transform.localScale = new Vector3(size.x, size.y, 1);
        }

        private SpriteRenderer Square(Color tone, int order)
        {
            var made = new GameObject("Square");
            made.transform.SetParent(_root, false);
            var part = made.AddComponent<SpriteRenderer>();
            part.sprite = _square;
            part.color = tone;
            part.sortingOrder = order;
            return part;
        }

        private TextMesh Text(int index)
        {
            var made = new GameObject("Line " + index);
            made.transform.SetParent(_root, false);
            var shown = made.AddComponent<MeshRenderer>();
            var text = made.AddComponent<TextMesh>();
            text.font = _font;
            text.fontSize = FontSize;
            text.richText = false;
            text.anchor = TextAnchor.UpperLeft;
            if (_font) shown.sharedMaterial = _font.material;
            shown.sortingOrder = 3;
            return text;
        }
    }
}
